// Answers whose bodies pass Fastify by: what sends them writes to the response itself.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';

export interface Streamed {
  /** For the log: what could not be sent whole. */
  name: string;
  /** Writes the body into `target`, with backpressure, and does not end it. */
  send(target: Writable): Promise<void>;
}

export interface StreamedAnswer {
  /** 200 when absent. */
  status?: number;
  /** With Content-Length. */
  headers: OutgoingHttpHeaders;
  body: Streamed;
  log: FastifyBaseLogger;
}

/** @throws what sending throws before the first byte; `response` is as it was then */
export async function answerWithStream(
  response: ServerResponse,
  { status = 200, headers, body, log }: StreamedAnswer,
): Promise<void> {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) response.setHeader(name, value);
  }
  try {
    await body.send(response);
    response.end();
  } catch (error) {
    // Nobody is there to be told anything.
    if (response.destroyed) return;
    if (!response.headersSent) {
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      throw error;
    }
    // A connection that ends before Content-Length is how the client learns of it now.
    log.error({ err: error }, `${body.name} could not be sent whole`);
    response.destroy();
  }
}
