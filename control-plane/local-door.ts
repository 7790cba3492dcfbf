// The door of ARM for who is on the same machine, and the same user: HTTP on a Unix socket in the data folder, as TLS takes
// a third of the time of a short command. It serves what the port serves, to callers who show the same access tokens.
import { chmod, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { resolve } from 'node:path';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import { socketPathBytesMax } from '../registry-node/control/schema.ts';
import { limits } from '../registry-node/oci/limits.ts';

export interface LocalDoorOptions {
  dataFolder: string;
  /** Where everybody else reaches ARM: a client that means another control plane is told so. */
  endpoint: string;
  handler: RequestListener;
  logger: Logger;
}

export interface LocalDoor {
  /** Undefined when the system does not offer one here: everybody takes the port. */
  readonly path: string | undefined;
  /** Stops accepting, lets running requests end within `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>;
}

/** What an earlier process left there is replaced, because the data folder's lock says it is dead. */
export async function openLocalDoor({
  dataFolder,
  endpoint,
  handler,
  logger,
}: LocalDoorOptions): Promise<LocalDoor> {
  const path = resolve(dataFolder, 'arm.sock');
  const host = new URL(endpoint).host;
  const server = createServer({ maxHeaderSize: limits.headerBytesMax }, (request, response) => {
    if (request.headers.host?.toLowerCase() === host) handler(request, response);
    // RFC 9110 section 15.5.20.
    else response.writeHead(421, { 'content-type': 'text/plain' }).end(`This is ${host}.\n`);
  });
  server.on('connection', asLoopbackOverTls);
  try {
    if (Buffer.byteLength(path) > socketPathBytesMax) throw new Error(`its path is too long: ${path}`);
    await rm(path, { force: true });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
    await chmod(path, 0o600);
  } catch (error) {
    logger.info({ err: error }, 'no socket for the command line of this machine; it takes the port');
    server.close();
    return { path: undefined, close: async () => undefined };
  }
  return {
    path,
    close: async (graceMs) => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

/**
 * Who could read the socket's traffic could read the control plane's files, so it counts as encrypted; and failed sign-ins
 * count as those of this machine do.
 */
function asLoopbackOverTls(socket: Socket): void {
  Object.defineProperties(socket, { encrypted: { value: true }, remoteAddress: { value: '127.0.0.1' } });
}
