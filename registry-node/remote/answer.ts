// An answer as it comes: its head, and a body that is read once, in bounds, or dropped. What goes wrong with it is told in the words
// of errors.ts.
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { type Flow, flowOf, freed, gather } from '../blobs/flow.ts';
import { isOfCertificate, RemoteError } from './errors.ts';

/** What was asked. */
export interface Asked {
  method: string;
  url: URL;
  signal?: AbortSignal | undefined;
}

export interface Answer {
  status: number;
  /** The value of a header, the first one when it is repeated. */
  header(name: string): string | undefined;
  headers(name: string): string[];
  /** Must be read or dropped, else its connection is lost to the pool. Fails with a RemoteError when it is cut. */
  body: Flow;
  drop(): Promise<void>;
  /** Where it came from after redirects. */
  url: URL;
}

/** What is dropped beyond it costs its connection. */
const droppedBytesMax = 64 * 1024;

export function answerTo(request: Asked, message: IncomingMessage): Answer {
  const headers = (name: string): string[] => message.headersDistinct[name] ?? [];
  return {
    status: message.statusCode ?? 0,
    headers,
    header: (name) => headers(name)[0],
    body: bodyOf(message, request),
    drop: () => drop(message),
    url: request.url,
  };
}

/** @throws RemoteError malformed when there is more than `bytesMax` */
export function readAll(body: Flow, bytesMax: number, request: Asked): Promise<Buffer> {
  const tooLarge = (): RemoteError =>
    new RemoteError('malformed', `${say(request)} was answered with more than ${bytesMax} bytes`);
  return gather(body, bytesMax, tooLarge);
}

/** Reads a small body to its end, so that its connection is used again; cuts the connection of any other. */
async function drop(body: Readable): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > droppedBytesMax) return;
    }
  } catch {
    // It was cut, and nobody wanted it.
  }
}

function bodyOf(answer: Readable, request: Asked): Flow {
  const flow = freed(flowOf(answer, (error) => translate(error, request)));
  return async (take) => {
    try {
      await flow(take);
    } catch (error) {
      answer.destroy();
      throw error;
    }
  };
}

/** The request in words; a query may hold an upload's secret state, so it is left out. */
export function say({ method, url }: Asked): string {
  return `${method} ${url.origin}${url.pathname}`;
}

export function translate(error: unknown, request: Asked): unknown {
  if (request.signal?.aborted) return request.signal.reason;
  if (error instanceof RemoteError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const reason = isOfCertificate(code)
    ? `its certificate is not trusted (${message}); name its certificate authority, or check the address`
    : message || (code ?? 'no reason given');
  return new RemoteError('unreachable', `${say(request)} got no answer: ${reason}`, { code, cause: error });
}
