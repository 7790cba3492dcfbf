// One port for TLS and plain HTTP: the first byte of a connection tells (0x16 opens a TLS handshake). Docker, az and
// plain curl all reach a registry under the same address, whichever of the two they try first.
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createPort, type Server, type Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { limits } from '../oci/limits.ts';

export interface ListenOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Absent: plain HTTP only. */
  tls?: SecureContextOptions | undefined;
  handler: RequestListener;
  /** Those of oci/limits.ts, when absent; a test waits for shorter ones. */
  bounds?: Partial<ConnectionBounds> | undefined;
}

/** What a connection may cost; oci/limits.ts says what each means. */
export interface ConnectionBounds {
  connectionsMax: number;
  firstByteTimeoutMs: number;
  headersTimeoutMs: number;
  idleTimeoutMs: number;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Stops accepting, lets running requests end within `graceMs`, then cuts them. */
  close(graceMs?: number): Promise<void>;
}

/** Another process listens there. The message says which port and what to do. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/** How often node looks for headers that do not end. */
const lookEveryMs = 10_000;
const tlsHandshakeByte = 0x16;

/** @throws PortTakenError; other errors of listening (no permission, no such address) */
export async function listen({ host, port, tls, handler, ...options }: ListenOptions): Promise<Listener> {
  const bounds: ConnectionBounds = { ...limits, ...options.bounds };
  let closing = false;
  const serve: RequestListener = (request, response) => {
    // A connection that was busy when the door closed is idle once it has answered, and goes then.
    response.once('close', () => {
      if (closing) setImmediate(closeIdle, servers);
    });
    handler(request, response);
  };
  const http = {
    maxHeaderSize: limits.headerBytesMax,
    connectionsCheckingInterval: Math.min(lookEveryMs, bounds.headersTimeoutMs),
  };
  const plain = createHttpServer(http, serve);
  const secure = tls && createHttpsServer({ ...http, ...tls }, serve);
  const servers: HttpServer[] = secure ? [plain, secure] : [plain];
  for (const server of servers) setTimeouts(server, bounds);
  const sockets = new Set<Socket>();
  const door = createPort({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    welcome(socket, bounds.firstByteTimeoutMs, plain, secure);
  });
  door.maxConnections = bounds.connectionsMax;
  await open(door, host, port);
  // What starts node's watch over slow headers and idle connections; these two never listen themselves.
  for (const server of servers) server.emit('listening');
  return {
    host,
    port: (door.address() as AddressInfo).port,
    close: async (graceMs = 0) => {
      closing = true;
      await close({ door, servers, sockets, graceMs });
    },
  };
}

function setTimeouts(server: HttpServer, bounds: ConnectionBounds): void {
  // By default a request, body included, ends after 300 s, and with it a large push over a slow link.
  server.requestTimeout = 0;
  server.headersTimeout = bounds.headersTimeoutMs;
  server.keepAliveTimeout = limits.keepAliveTimeoutMs;
  server.timeout = bounds.idleTimeoutMs;
}

/** Gives the connection to the server that speaks its language, with the byte that told put back. */
function welcome(
  socket: Socket,
  firstByteTimeoutMs: number,
  plain: HttpServer,
  secure: HttpServer | undefined,
): void {
  socket.setTimeout(firstByteTimeoutMs, () => socket.destroy());
  const ignore = (): void => undefined;
  socket.on('error', ignore);
  socket.once('data', (chunk: Buffer) => {
    socket.pause();
    socket.removeAllListeners('timeout');
    socket.setTimeout(0);
    socket.off('error', ignore);
    socket.unshift(chunk);
    const server = secure && chunk[0] === tlsHandshakeByte ? secure : plain;
    server.emit('connection', socket);
    process.nextTick(() => socket.resume());
  });
}

async function open(door: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  door.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') return reject(error);
    const message =
      `Port ${port} on ${host} is taken by another process. ` +
      `Stop it ('ss -ltnp sport = :${port}' names it), or choose another port.`;
    reject(new PortTakenError(message, { cause: error }));
  });
  door.listen({ host, port }, resolve);
  await promise;
}

interface Closing {
  door: Server;
  servers: readonly HttpServer[];
  sockets: ReadonlySet<Socket>;
  graceMs: number;
}

async function close({ door, servers, sockets, graceMs }: Closing): Promise<void> {
  const closed = new Promise<void>((resolve) => door.close(() => resolve()));
  for (const server of servers) server.close();
  closeIdle(servers);
  const cut = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, graceMs);
  await closed;
  clearTimeout(cut);
}

function closeIdle(servers: readonly HttpServer[]): void {
  for (const server of servers) server.closeIdleConnections();
}
