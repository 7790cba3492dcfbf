// The HTTP side that all surfaces of a registry share: the registry API, sign-in and the gateway are routes on it. It
// never listens itself: `listen` serves its `routing`, alone or with other registries on the port.
import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { clientRequestIdHeader, toldBack } from '../oci/client-request-id.ts';
import { answerError, answerUnknownRoute } from './answer-error.ts';
import { noJsonSchema } from './no-json-schema.ts';
import { encodeRepositoryName } from './repository-path.ts';

export interface ServerOptions {
  logger: FastifyBaseLogger;
  /**
   * Addresses or CIDR ranges of proxies whose X-Forwarded-Host and -Proto are believed, beside those on this machine:
   * they end up in the URLs of challenges, where a stranger's word would send passwords elsewhere.
   */
  trustedProxies?: readonly string[] | undefined;
}

/** A name of 255 characters, its slashes percent-encoded. */
const parameterCharactersMax = 1024;

const commonHeaders = {
  'docker-distribution-api-version': 'registry/2.0',
  'x-content-type-options': 'nosniff',
  'access-control-expose-headers':
    'Docker-Content-Digest, WWW-Authenticate, Link, X-Ms-Correlation-Request-Id',
};

export function createServer({ logger, trustedProxies = [] }: ServerOptions): FastifyInstance {
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    genReqId: () => randomUUID(),
    // Fastify's own makes a logger for each request, dearer than all else it does for one. A log line names the request.
    childLoggerFactory: (shared) => shared,
    trustProxy: ['loopback', ...trustedProxies],
    rewriteUrl: (request) => encodeRepositoryName(request.url ?? '/'),
    routerOptions: { maxParamLength: parameterCharactersMax },
    ...noJsonSchema,
  });
  // Bodies are streams to the routes, whatever their type; a surface that wants JSON or forms says so in its own scope.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(commonHeaders).header('x-ms-correlation-request-id', request.id);
    reply.headers(toldBack(request.headers[clientRequestIdHeader]));
    done();
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerUnknownRoute);
  return app;
}
