// What clients are told of a long-running operation: where to poll it when it begins, and how it stands when they do.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Operation } from '../store/operations.ts';
import { apiVersionOf } from './api-version.ts';
import { type ArmErrorCode, armErrors } from './errors.ts';
import { origin } from './origin.ts';
import { provider, subscriptionId } from './resource-id.ts';

/** 201 with the resource, and where to ask about it. */
export function answerStarted(
  request: FastifyRequest,
  reply: FastifyReply,
  resourceId: string,
  operation: Operation,
): FastifyReply {
  const url = `${origin(request)}${resourceId}/operationStatuses/${operation.id}?api-version=${apiVersionOf(request)}`;
  return reply.code(201).header('azure-asyncoperation', url).header('retry-after', '0');
}

/** 202 without a body, and where to ask for the outcome. */
export function answerAccepted(
  request: FastifyRequest,
  reply: FastifyReply,
  place: { subscription: string; location: string },
  operation: Operation,
): FastifyReply {
  const scope = `${subscriptionId(place.subscription)}/providers/${provider}/locations/${place.location.toUpperCase()}`;
  const url = `${origin(request)}${scope}/operationResults/${operation.id}?api-version=${apiVersionOf(request)}`;
  return reply.code(202).header('location', url).header('retry-after', '0').send();
}

/** `operationStatuses`: always 200, with the state in the body. */
export function answerStatus(
  request: FastifyRequest,
  reply: FastifyReply,
  operation: Operation,
): FastifyReply {
  reply.header('azure-asyncoperation', origin(request) + request.url);
  if (operation.status === 'Running') reply.header('retry-after', '1').send({ status: operation.verb });
  else reply.send({ status: operation.status, error: operation.error });
  return reply;
}

/** `operationResults`: 202 while it runs, then 200, or the error as if the request itself had met it. */
export function answerResult(
  request: FastifyRequest,
  reply: FastifyReply,
  operation: Operation,
): FastifyReply {
  if (operation.status === 'Running') {
    return reply
      .code(202)
      .header('location', origin(request) + request.url)
      .header('retry-after', '1')
      .send({ status: 'Accepted' });
  }
  if (operation.status === 'Succeeded') return reply.code(200).send({ status: 'Succeeded' });
  const error = operation.error ?? { code: 'InternalServerError', message: 'The operation failed.' };
  const status = error.code in armErrors ? armErrors[error.code as ArmErrorCode] : 500;
  return reply.code(status).send({ error, status: 'Failed' });
}
