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

/**
 * 202 without a body, and where to ask for the outcome.
 * @param place where the resource is; a resource group, being ARM's own, has no location there
 */
export function answerAccepted(
  request: FastifyRequest,
  reply: FastifyReply,
  place: { subscription: string; location?: string },
  operation: Operation,
): FastifyReply {
  const below = place.location && `/providers/${provider}/locations/${place.location.toUpperCase()}`;
  const scope = `${subscriptionId(place.subscription)}${below ?? ''}`;
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
  const progress = toProgress(operation);
  if (operation.status === 'Running')
    reply.header('retry-after', '1').send({ status: operation.verb, ...progress });
  else reply.send({ status: operation.status, ...progress, error: operation.error });
  return reply;
}

/**
 * `operationResults`: 202 while it runs, then 200, or the error as if the request itself had met it. As recorded, only
 * an import says its state in a body as well; a deletion has none.
 */
export function answerResult(
  request: FastifyRequest,
  reply: FastifyReply,
  operation: Operation,
): FastifyReply {
  const told = (status: string): object | undefined =>
    operation.verb === 'Accepted' ? { status, ...toProgress(operation) } : undefined;
  if (operation.status === 'Running') {
    reply.code(202).header('location', origin(request) + request.url);
    return reply.header('retry-after', '1').send(told('Accepted'));
  }
  if (operation.status === 'Succeeded') return reply.code(200).send(told('Succeeded'));
  const error = operation.error ?? { code: 'InternalServerError', message: 'The operation failed.' };
  const status = error.code in armErrors ? armErrors[error.code as ArmErrorCode] : 500;
  return reply.code(status).send({ error, status: 'Failed' });
}

/** As ARM's asynchronous operations tell it ("percentComplete"), with the bytes among the properties. */
function toProgress({ progress }: Operation): object {
  if (!progress) return {};
  const { bytesDone, bytesTotal } = progress;
  const percentComplete = bytesTotal === 0 ? 100 : Math.floor((bytesDone * 1000) / bytesTotal) / 10;
  return { percentComplete, properties: { bytesDone, bytesTotal } };
}
