// Connections to one parent, kept and used again, by Node's own HTTP client: its parser is native. undici's is WebAssembly,
// and compiling that costs an idle node a fifth of its memory.
import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as askHttp } from 'node:http';
import { Agent as HttpsAgent, request as askHttps } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

export interface Question {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | Uint8Array | Readable | undefined;
  /** Until the answer's head, without a byte in either direction. */
  answerTimeoutMs: number;
  signal: AbortSignal | undefined;
}

export interface Connections {
  /** Resolves with the head of the answer, whose body fails when it is cut or stands still. @throws Error, with `code` */
  ask(question: Question): Promise<IncomingMessage>;
  /** Cuts what is still running. */
  close(): void;
}

export interface ConnectionsOptions {
  /** PEM of authorities to trust besides the system's. */
  certificateAuthority: string | undefined;
  /** Open at once; further requests wait for their turn. */
  connectionsMax: number;
}

const connectTimeoutMs = 10_000;
const idleBodyTimeoutMs = 30_000;

export function openConnections({ certificateAuthority, connectionsMax }: ConnectionsOptions): Connections {
  const kept = { keepAlive: true, maxSockets: connectionsMax };
  const http = new HttpAgent(kept);
  const secureContext =
    certificateAuthority === undefined ? {} : { secureContext: trusting(certificateAuthority) };
  const https = new HttpsAgent({ ...kept, ...secureContext });
  const open = new Set<ClientRequest>();

  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        const secure = question.url.protocol === 'https:';
        const { method, headers, signal } = question;
        const settings = { method, headers, timeout: connectTimeoutMs, ...(signal && { signal }) };
        const request = secure
          ? askHttps(question.url, { ...settings, agent: https })
          : askHttp(question.url, { ...settings, agent: http });
        open.add(request);
        request.once('close', () => open.delete(request));
        // A cut after the head is told by the answer's body, and this promise has settled then.
        request.on('error', reject);
        bound(request, secure, question.answerTimeoutMs);
        request.once('response', resolve);
        send(request, question.body);
      }),
    close: () => {
      for (const request of open) request.destroy(new Error('the connection was closed'));
      http.destroy();
      https.destroy();
    },
  };
}

/** Made once: reading all authorities takes 15 ms and a megabyte, which each connection would spend again. */
function trusting(certificateAuthority: string): SecureContext {
  return createSecureContext({ ca: [...getCACertificates('default'), certificateAuthority] });
}

/** A bound on every wait: for the connection, for the head of the answer, for each part of its body. */
function bound(request: ClientRequest, secure: boolean, answerTimeoutMs: number): void {
  let awaited = 'a connection';
  let answer: IncomingMessage | undefined;
  const wait = (what: string, timeoutMs: number): void => {
    awaited = what;
    request.setTimeout(timeoutMs);
  };
  const connected = (): void => wait('an answer', answerTimeoutMs);
  request.once('socket', (socket) => {
    if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', connected);
    else connected();
  });
  request.once('response', (response) => {
    answer = response;
    wait('the rest of the answer', idleBodyTimeoutMs);
  });
  request.on('timeout', () => {
    const error = Object.assign(new Error(`timed out waiting for ${awaited}`), { code: 'ETIMEDOUT' });
    (answer ?? request).destroy(error);
  });
}

function send(request: ClientRequest, body: Question['body']): void {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) request.end(body);
  // Told by the request, which fails with the reason of the body that could not be read.
  else pipeline(body, request, () => undefined);
}
