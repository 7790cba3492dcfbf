// The scheme and host that a client used, for the absolute URLs it is given: it reached us there, so it can again.
import type { FastifyRequest } from 'fastify';

/** e.g. `https://localhost:4430` */
export function origin(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}
