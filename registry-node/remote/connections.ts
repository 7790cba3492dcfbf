// Connections to one parent, kept and used again, by Node's own HTTP client: its parser is native. undici's is WebAssembly,
// and compiling that costs an idle node a fifth of its memory.
import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as askHttp } from 'node:http';
import { Agent as HttpsAgent, request as askHttps } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createSecureContext } from 'node:tls';
import { besideUsual, isOfUnknownAuthority } from '../certificate-authority.ts';
import type { Proxy } from '../config.ts';
import { ProxyAgent } from './proxy.ts';

export interface Question {
  method: string;
  url: URL;
  headers: Record<string, string>;
  /** A stream is read once, and only by a server that is trusted. */
  body: string | Uint8Array | Readable | undefined;
  /** Until the answer's head, without a byte in either direction. */
  answerTimeoutMs: number;
  signal: AbortSignal | undefined;
}

export interface Connections {
  /** Resolves with the head of the answer, whose body fails when it is cut or stands still. @throws Error, with `code` */
  ask(question: Question): Promise<IncomingMessage>;
  /** Cuts what is still running and every connection that is kept. The next question makes a new one. */
  close(): void;
}

export interface ConnectionsOptions {
  /** PEM of an authority to trust besides the usual ones. */
  certificateAuthority?: string | undefined;
  /** Open at once; further requests wait for their turn. */
  connectionsMax: number;
  /** How long the next bytes of an answer's body may stay away. */
  silenceMaxMs: number;
  /** How long a connection is kept that nobody uses; absent: until the other side ends it. */
  unusedMaxMs?: number;
  /** Absent: straight. */
  proxy?: Proxy | undefined;
  /** Makes the connections without TLS; absent: over TCP. */
  http?: HttpAgent | undefined;
}

const connectTimeoutMs = 10_000;
/** Idle time before TCP asks whether the other side is still there. Node's default is a second: 9 MB a day for a node that waits. */
const probeAfterMs = 60_000;

export function openConnections(options: ConnectionsOptions): Connections {
  const { certificateAuthority, connectionsMax, silenceMaxMs, unusedMaxMs, proxy } = options;
  const kept = {
    keepAlive: true,
    keepAliveMsecs: probeAfterMs,
    maxSockets: connectionsMax,
    timeout: unusedMaxMs,
  };
  // A context is made once: with only a list of authorities, each connection would read them all again.
  const trusting = (ca: string | string[] | undefined): HttpsAgent => {
    const settings = ca === undefined ? kept : { ...kept, secureContext: createSecureContext({ ca }) };
    return proxy ? new ProxyAgent(proxy, connectTimeoutMs, settings) : new HttpsAgent(settings);
  };
  const http = options.http ?? new HttpAgent(kept);
  const first = trusting(certificateAuthority);
  let wide: HttpsAgent | undefined;
  /** With what ends each at once. */
  const open = new Map<ClientRequest, (error: unknown) => void>();

  const askBy = (https: HttpsAgent, question: Question): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { signal } = question;
      if (signal?.aborted) return reject(signal.reason);
      const request = requestOf(question, question.url.protocol === 'https:' ? https : http, silenceMaxMs);
      // Destroyed while it waits for its turn or for a tunnel, a request would only fail when it has got it.
      const giveUp = (error: unknown): void => {
        request.destroy(error as Error);
        reject(error);
      };
      const abort = (): void => giveUp(signal?.reason);
      open.set(request, giveUp);
      signal?.addEventListener('abort', abort);
      request.once('close', () => {
        open.delete(request);
        signal?.removeEventListener('abort', abort);
      });
      // A cut after the head is told by the answer's body, and this promise has settled then.
      request.on('error', reject);
      request.once('response', resolve);
      send(request, question.body);
    });

  return {
    ask: async (question) => {
      if (wide !== undefined) return askBy(wide, question);
      try {
        return await askBy(first, question);
      } catch (error) {
        if (certificateAuthority === undefined || !isOfUnknownAuthority(error)) throw error;
        wide ??= trusting(besideUsual(certificateAuthority));
        return askBy(wide, question);
      }
    },
    close: () => {
      for (const giveUp of open.values()) giveUp(new Error('the connection was closed'));
      for (const agent of [http, first, wide]) agent?.destroy();
    },
  };
}

function requestOf(
  { method, url, headers, answerTimeoutMs }: Question,
  agent: HttpAgent,
  silenceMaxMs: number,
): ClientRequest {
  const secure = url.protocol === 'https:';
  const settings = { method, headers, agent, timeout: connectTimeoutMs };
  const request = secure ? askHttps(url, settings) : askHttp(url, settings);
  bound(request, secure ? 'secureConnect' : 'connect', { answerTimeoutMs, silenceMaxMs });
  return request;
}

/** A bound on every wait: for the connection, for the head of the answer, for each part of its body. */
function bound(
  request: ClientRequest,
  connectedBy: 'secureConnect' | 'connect',
  { answerTimeoutMs, silenceMaxMs }: { answerTimeoutMs: number; silenceMaxMs: number },
): void {
  let awaited = 'a connection';
  let answer: IncomingMessage | undefined;
  const wait = (what: string, timeoutMs: number): void => {
    awaited = what;
    request.setTimeout(timeoutMs);
  };
  const connected = (): void => wait('an answer', answerTimeoutMs);
  request.once('socket', (socket) => {
    if (socket.connecting) socket.once(connectedBy, connected);
    else connected();
  });
  request.once('response', (response) => {
    answer = response;
    wait('the rest of the answer', silenceMaxMs);
  });
  request.on('timeout', () => {
    // What is here and waits to be read, because its reader takes its time, is not the other side's silence.
    if (answer && answer.readableLength > 0) {
      request.setTimeout(silenceMaxMs);
      return;
    }
    const error = Object.assign(new Error(`timed out waiting for ${awaited}`), { code: 'ETIMEDOUT' });
    (answer ?? request).destroy(error);
  });
}

function send(request: ClientRequest, body: Question['body']): void {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    request.end(body);
    return;
  }
  // Before the pipeline, which cuts the request and keeps the reason to itself.
  body.once('error', (error) => request.destroy(error));
  pipeline(body, request, () => undefined);
}
