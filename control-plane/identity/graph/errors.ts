// The vocabulary of failure of Graph (Microsoft Graph, "Error responses and resource types").
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import { ArmError } from '../../arm/errors.ts';

const graphErrors = {
  InvalidAuthenticationToken: 401,
  Authorization_RequestDenied: 403,
  Request_BadRequest: 400,
  Request_ResourceNotFound: 404,
  Request_MultipleObjectsWithSameKeyValue: 409,
  Directory_QuotaExceeded: 403,
  BadRequest: 400,
  InternalServerError: 500,
} as const satisfies Record<string, number>;

export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly code: keyof typeof graphErrors;

  constructor(code: keyof typeof graphErrors, message: string) {
    super(message);
    this.code = code;
  }
}

export function notFound(id: string): GraphError {
  return new GraphError(
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** The one place where what a route threw becomes an answer. */
export function answerGraphError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = translate(error);
  const status = graphErrors[known.code];
  if (status >= 500) request.log.error({ err: error }, 'request to Graph failed');
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="acrc", error="invalid_token"');
  const { code, message } = known;
  return reply.code(status).send({ error: { code, message, innerError: { 'request-id': request.id } } });
}

function translate(error: unknown): GraphError {
  if (error instanceof GraphError) return error;
  if (error instanceof ArmError && error.status === 401)
    return new GraphError('InvalidAuthenticationToken', error.message);
  if (error instanceof ArmError && error.status < 500)
    return new GraphError('Request_BadRequest', error.message);
  if (error instanceof ZodError) {
    const { path, message } = error.issues[0]!;
    return new GraphError('Request_BadRequest', `Invalid value for '${path.join('.')}': ${message}`);
  }
  if (error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500)
    return new GraphError('Request_BadRequest', error.message);
  return new GraphError(
    'InternalServerError',
    'The directory met an unexpected error; the log has the details.',
  );
}
