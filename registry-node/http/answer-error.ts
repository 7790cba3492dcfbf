// The one place where a failure becomes an answer (distribution-spec, "Error Codes"). What is not in the vocabulary is
// logged and answered without its particulars.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OciError } from '../oci/errors.ts';

/** Said at each answer: a route may have promised bytes of another type before it failed. */
const json = 'application/json; charset=utf-8';

export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.raw.destroyed && !request.raw.complete) {
    request.log.debug(
      { request: request.id, path: pathOf(request) },
      'the client went away in the middle of its request',
    );
  }
  if (error instanceof OciError) {
    // The client cannot do anything about it, and whoever can looks here.
    if (error.code === 'INSUFFICIENT_STORAGE')
      request.log.warn(about(request, error), 'a request was refused: the disk is full');
    return send(reply, error.status, error);
  }
  const status = statusOf(error);
  if (status !== undefined && status < 500) {
    const message = error instanceof Error ? error.message : undefined;
    return send(reply, status, new OciError('UNSUPPORTED', message));
  }
  if (!request.raw.destroyed) request.log.error(about(request, error), 'request failed');
  return reply
    .code(500)
    .type(json)
    .send({
      errors: [
        {
          code: 'UNKNOWN',
          message: `the registry met an unexpected error; its log has the details under ${request.id}`,
        },
      ],
    });
}

export function answerUnknownRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const message = `there is nothing at ${request.method} ${pathOf(request)}`;
  return send(reply, 404, new OciError('UNSUPPORTED', message));
}

function send(reply: FastifyReply, status: number, error: OciError): FastifyReply {
  return reply.code(status).type(json).headers(error.headers).send(error.toBody());
}

/** Fastify's own errors carry the status to answer with. */
function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

function about(request: FastifyRequest, error: unknown): object {
  const { id, method } = request;
  return { err: error, request: id, method, path: pathOf(request) };
}

/** Without the query, which may hold what no log should. */
function pathOf(request: FastifyRequest): string {
  return request.originalUrl.split('?')[0]!;
}
