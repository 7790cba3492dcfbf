// What a supervisor asks a server: is the process alive, and is it of any use yet. Neither depends on anything upstream: a
// node that is cut off from its parent is healthy.
import type { FastifyInstance } from 'fastify';

/** @param notReady why the server cannot be used yet; undefined when it can */
export function healthRoutes(app: FastifyInstance, notReady: () => string | undefined): void {
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', (_, reply) => {
    const reason = notReady();
    if (reason === undefined) return reply.send({ status: 'ok' });
    return reply.code(503).send({ status: 'waiting', reason });
  });
}
