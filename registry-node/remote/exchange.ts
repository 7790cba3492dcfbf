// One HTTP request and its answer: a bound on every wait and every body, redirects that never take credentials to another
// host, and failures told in the words of errors.ts. Nothing here knows of registries.
import { randomUUID } from 'node:crypto';
import type { Agent as HttpAgent } from 'node:http';
import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { Proxy } from '../config.ts';
import { clientRequestIdHeader } from '../oci/client-request-id.ts';
import { type Answer, type Asked, answerTo, readAll, say, translate } from './answer.ts';
import { openConnections } from './connections.ts';
import { errorFromAnswer, RemoteError } from './errors.ts';

export interface ExchangeRequest extends Asked {
  method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array | Readable | undefined;
  /** May be sent twice without harm, as GET and HEAD always may. */
  repeatable?: boolean | undefined;
  /** Until the answer's head; a long poll needs more than the default. */
  answerTimeoutMs?: number | undefined;
}

export interface ExchangeOptions {
  /** PEM of authorities to trust besides the system's. */
  certificateAuthority?: string | undefined;
  userAgent: string;
  connectionsMax: number;
  /** How long an answer, or the next bytes of one, may stay away. */
  silenceMaxMs: number;
  clock: Clock;
  /** Of whom is asked it is known that an answer names no other request than its own. */
  marksAnswers?: boolean | undefined;
  /** See `ConnectionsOptions`. */
  proxy?: Proxy | undefined;
  http?: HttpAgent | undefined;
}

export interface Exchange {
  /**
   * Any status, redirects followed for GET and HEAD.
   * @throws RemoteError unreachable; failed (the answer names another request); the reason of `signal`
   */
  send(request: ExchangeRequest): Promise<Answer>;
  /** A success with a small body. @throws RemoteError for any status that is none */
  text(request: ExchangeRequest): Promise<{ answer: Answer; body: string }>;
  /** The error that an answer without success stands for; reads its body. */
  failure(request: ExchangeRequest, answer: Answer): Promise<RemoteError>;
  /** Cuts what is still running; further requests make new connections. */
  disconnect(): void;
  close(): Promise<void>;
}

const redirectsMax = 5;
const closedCodes: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);
const errorBodyBytesMax = 64 * 1024;
const textBytesMax = 64 * 1024 * 1024;

export function createExchange(options: ExchangeOptions): Exchange {
  const { silenceMaxMs, marksAnswers = false } = options;
  const connections = openConnections(options);

  const once = async (request: ExchangeRequest): Promise<Answer> => {
    try {
      const answer = await connections.ask({
        method: request.method,
        url: request.url,
        headers: { 'user-agent': options.userAgent, ...request.headers },
        body: request.body,
        answerTimeoutMs: request.answerTimeoutMs ?? silenceMaxMs,
        signal: request.signal,
      });
      return answerTo(request, answer);
    } catch (error) {
      throw translate(error, request);
    }
  };

  /** A kept connection may be closed by the other side just when it is used again: that is worth one more attempt. */
  const twice = async (request: ExchangeRequest): Promise<Answer> => {
    try {
      return await once(request);
    } catch (error) {
      const repeatable = request.repeatable ?? ['GET', 'HEAD'].includes(request.method);
      const closed = error instanceof RemoteError && closedCodes.has(error.code ?? '');
      if (!repeatable || !closed) throw error;
      return once(request);
    }
  };

  const exchange: Exchange = {
    async send(request) {
      const id = randomUUID();
      const names = { 'x-ms-correlation-request-id': id, [clientRequestIdHeader]: id };
      let current: ExchangeRequest = { ...request, headers: { ...names, ...request.headers } };
      for (let hop = 0; hop <= redirectsMax; hop++) {
        const answer = await twice(current);
        if (marksAnswers) await requireOwn(answer, id, current);
        const location = answer.header('location');
        const mayFollow = request.method === 'GET' || request.method === 'HEAD';
        if (!mayFollow || ![301, 302, 303, 307, 308].includes(answer.status) || !location) return answer;
        await answer.drop();
        current = redirected(current, location);
      }
      throw new RemoteError('malformed', `${say(request)} was redirected more than ${redirectsMax} times`);
    },
    async text(request) {
      const answer = await exchange.send(request);
      if (answer.status < 200 || answer.status > 299) throw await exchange.failure(request, answer);
      return { answer, body: (await readAll(answer.body, textBytesMax, request)).toString('utf8') };
    },
    async failure(request, answer) {
      const body = await readAll(answer.body, errorBodyBytesMax, request).catch(() => Buffer.alloc(0));
      return errorFromAnswer(say({ ...request, url: answer.url }), {
        status: answer.status,
        body: body.toString('utf8'),
        retryAfter: answer.header('retry-after'),
        now: options.clock.now(),
      });
    },
    disconnect: () => connections.close(),
    close: async () => connections.close(),
  };
  return exchange;
}

/** An older parent does not tell the name of a request back. @throws RemoteError failed: it is to be asked again */
async function requireOwn(answer: Answer, id: string, request: ExchangeRequest): Promise<void> {
  if ((answer.header(clientRequestIdHeader) ?? id) === id) return;
  await answer.drop();
  const reason = 'was answered with the answer to another request: something on the way repeats answers';
  throw new RemoteError('failed', `${say(request)} ${reason}`);
}

/** Credentials stay with the host they were made for, and content asked for over TLS arrives over TLS. */
function redirected(request: ExchangeRequest, location: string): ExchangeRequest {
  const url = URL.canParse(location, request.url.href) ? new URL(location, request.url) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new RemoteError(
      'malformed',
      `${say(request)} was redirected to '${location}', which is no address`,
    );
  }
  if (request.url.protocol === 'https:' && url.protocol === 'http:') {
    throw new RemoteError('malformed', `${say(request)} was redirected to ${url.origin}, which has no TLS`);
  }
  const { authorization, ...others } = request.headers ?? {};
  const keeps = url.origin === request.url.origin && authorization !== undefined;
  return { ...request, url, headers: keeps ? { ...others, authorization } : others };
}
