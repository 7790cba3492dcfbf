// Fifty machines that start together ask for the same few manifests and blobs within a second. What was just answered is
// answered again from memory, without routing, sign-in or database, as long as nothing can have made it wrong: each change
// to the content or to the directory ends every answer given before it, and a second ends it in any case, so that nothing
// else that an answer may hang on (a token's last moment) is overlooked for longer. Of a blob the head is kept, and the way
// to send its bytes once more.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, RequestListener } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { BoundedMap } from '../bounded-map.ts';
import { clientRequestIdHeader, toldBack } from '../oci/client-request-id.ts';
import type { Clock } from '../clock.ts';
import { answerWithStream, type Streamed } from './stream.ts';

export interface RecallOptions {
  clock: Clock;
  /** A number that every change to content and directory makes another one, before anybody hears of the change. */
  changes: () => number;
}

interface Question {
  keep(headers: OutgoingHttpHeaders, body: Body): void;
}

type Body = Uint8Array | string | Streamed;

interface Answer {
  changes: number;
  /** Milliseconds since 1970. */
  givenAt: number;
  headers: OutgoingHttpHeaders;
  body: Body;
}

const keptMs = 1000;
const bytesMax = 16 * 1024 * 1024;
const bodyBytesMax = 1024 * 1024;
/** What an entry costs beside its key and its body. */
const entryBytes = 2048;

const asked = new WeakMap<IncomingMessage, Question>();

/** Keeps an answer 200 that passes Fastify by: its headers, Content-Length among them, and how its body is sent. */
export function keepStream(request: IncomingMessage, headers: OutgoingHttpHeaders, body: Streamed): void {
  asked.get(request)?.keep(headers, body);
}

/** To be called before `app` is ready. @returns what is to be served in place of `app.routing` */
export function recallAnswers(app: FastifyInstance, { clock, changes }: RecallOptions): RequestListener {
  const answers = new BoundedMap<Answer>({
    weightMax: bytesMax,
    weigh: ({ body }, key) => key.length + entryBytes + (isStreamed(body) ? 0 : body.length),
  });
  const nowMs = (): number => clock.now().getTime();
  /** One from the future was given before the clock was set back. */
  const isRecent = ({ givenAt }: Answer): boolean => {
    const passedMs = nowMs() - givenAt;
    return passedMs >= 0 && passedMs < keptMs;
  };

  app.addHook('onSend', (request, reply, payload, done) => {
    const question = asked.get(request.raw);
    const body = wholeBody(payload);
    if (question && reply.statusCode === 200 && body !== undefined) {
      const headers = reply.getHeaders() as OutgoingHttpHeaders;
      headers['content-length'] ??= Buffer.byteLength(body);
      question.keep(headers, body);
    }
    done();
  });

  const question = (key: string): Question => {
    const before = changes();
    return {
      keep: (headers, body) => {
        // What changed while it was worked out may be in it or not.
        if (before !== changes()) return;
        const kept = { ...headers };
        delete kept[clientRequestIdHeader];
        answers.set(key, { changes: before, givenAt: nowMs(), headers: kept, body });
      },
    };
  };

  return (request, response) => {
    const key = keyOf(request);
    if (key === undefined) return app.routing(request, response);
    const known = answers.get(key);
    if (known?.changes !== changes() || !isRecent(known)) {
      asked.set(request, question(key));
      return app.routing(request, response);
    }
    const headers = {
      ...known.headers,
      'x-ms-correlation-request-id': randomUUID(),
      ...toldBack(request.headers[clientRequestIdHeader]),
    };
    const { body } = known;
    if (!isStreamed(body)) return response.writeHead(200, headers).end(body);
    answerWithStream(response, { headers, body, log: app.log }).catch(() => {
      // Not a byte was sent: whoever works it out anew finds what is the matter, and says it.
      answers.take(key);
      app.routing(request, response);
    });
  };
}

/** All that an answer of the registry API hangs on beside the registry; undefined when it is not worth keeping. */
function keyOf({ method, url = '', headers }: IncomingMessage): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const { authorization } = headers;
  if (!url.startsWith('/v2/') || !authorization?.startsWith('Bearer ')) return undefined;
  if (headers.range !== undefined || headers['if-none-match'] !== undefined) return undefined;
  return `${method} ${url} ${authorization}`;
}

function isStreamed(body: Body): body is Streamed {
  return typeof body === 'object' && 'send' in body;
}

/** Of a stream there is nothing to keep. */
function wholeBody(payload: unknown): Uint8Array | string | undefined {
  if (payload === undefined || payload === null) return '';
  if (typeof payload !== 'string' && !(payload instanceof Uint8Array)) return undefined;
  return payload.length <= bodyBytesMax ? payload : undefined;
}
