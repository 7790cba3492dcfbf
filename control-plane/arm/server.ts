// The ARM front door. Every request passes the same hooks in the same order: ids for tracing, parameters that are clear, who
// calls, which api-version; then its route. Whatever a route throws becomes an answer here, and what no route takes is refused
// here.
import { randomUUID } from 'node:crypto';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { ZodError } from 'zod';
import { noJsonSchema } from '../../registry-node/http/no-json-schema.ts';
import { publishedVersions, requireApiVersion } from './api-version.ts';
import { guardRoutes } from './authorization.ts';
import { unknownPaths, unknownProperty } from './body.ts';
import { ArmError, explain } from './errors.ts';
import { origin } from './origin.ts';
import type { Permissions } from './permissions.ts';
import { provider } from './resource-id.ts';
import type { ArmCaller } from './system-data.ts';

/** What the registry provider answers, and not ARM itself. */
const providerPath = new RegExp(`/providers/${provider}/`, 'i');

/** A scope map of 500 actions with the longest repository names stays well below. */
const bodyBytesMax = 1024 * 1024;

export interface ArmServerOptions {
  logger: FastifyBaseLogger;
  /** Beside those on this machine, as for the login servers (registry-node/http/server.ts). */
  trustedProxies?: readonly string[] | undefined;
  /** @throws ArmError of status 401, whose `challenge` is sent as WWW-Authenticate */
  authenticate: (request: FastifyRequest) => Promise<ArmCaller>;
  /** What a caller may do, now. */
  permissionsOf: (caller: ArmCaller) => Promise<Permissions>;
  /** The one subscription there is. */
  subscriptionId: string;
  /** Registers the routes that need a caller and an api-version. */
  routes: (app: FastifyInstance) => void;
  /** Registers those that need neither: sign-in and discovery. */
  openRoutes: (app: FastifyInstance) => void;
}

export function createArmServer(options: ArmServerOptions): FastifyInstance {
  const app: FastifyInstance = Fastify({
    ...noJsonSchema,
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    genReqId: () => randomUUID(),
    // A proxy may end TLS; the URLs in answers are then about what its clients asked for.
    trustProxy: ['loopback', ...(options.trustedProxies ?? [])],
    // az joins its paths to an endpoint that may end with a slash.
    routerOptions: {
      caseSensitive: false,
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: 512,
    },
  });
  acceptEmptyJson(app);
  app.decorateRequest('armCaller');
  app.decorateRequest('permissions');
  app.addHook('onRequest', traceIds);
  app.addHook('onRequest', refuseRepeated);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request) => {
    throw new ArmError(
      'NotFound',
      `No operation of this control plane has the path '${pathOf(request)}' and the method ${request.method}.`,
    );
  });
  app.register(async (scope) => options.openRoutes(scope));
  app.register(async (scope) => {
    scope.addHook('onRequest', async (request) => {
      const caller = await options.authenticate(request);
      request.setDecorator('armCaller', caller);
      request.setDecorator('permissions', await options.permissionsOf(caller));
      requireApiVersion(request);
    });
    guardRoutes(scope, options.subscriptionId);
    options.routes(scope);
  });
  return app;
}

async function traceIds(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const asked = request.headers['x-ms-correlation-request-id'];
  const correlation = typeof asked === 'string' && /^[\w-]{1,64}$/.test(asked) ? asked : request.id;
  reply.header('x-ms-request-id', request.id).header('x-ms-correlation-request-id', correlation);
  if (providerPath.test(request.url)) reply.header('api-supported-versions', publishedVersions.join(', '));
  reply.header('cache-control', 'no-cache').header('x-content-type-options', 'nosniff');
}

/** So that every route finds text in its query. @throws ArmError BadRequest */
async function refuseRepeated(request: FastifyRequest): Promise<void> {
  const query = Object.entries(request.query as Record<string, string | string[]>);
  const repeated = query.find(([, value]) => Array.isArray(value))?.[0];
  if (repeated === undefined) return;
  throw new ArmError('BadRequest', `The query parameter '${repeated}' was given more than once.`);
}

/** Clients send `Content-Type: application/json` with an empty body for actions such as deactivate. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parseJson(request, body, done);
  });
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = translate(error);
  if (known !== error && known.status >= 500)
    request.log.error({ err: error, url: pathOf(request) }, 'request failed');
  if (known.status === 401)
    reply.header(
      'www-authenticate',
      `Bearer authorization_uri="${origin(request)}/common", error="invalid_token", error_description="${known.message.replaceAll('"', "'")}"`,
    );
  return reply.code(known.status).send(known.toBody());
}

function translate(error: unknown): ArmError {
  const known = explain(error);
  if (known) return known;
  if (error instanceof ZodError) return fromZod(error);
  if (isHttpError(error) && error.statusCode < 500) {
    const code = error.statusCode === 413 ? 'RequestEntityTooLarge' : 'InvalidRequestContent';
    return new ArmError(code, `The request content was invalid: ${error.message}`);
  }
  return new ArmError(
    'InternalServerError',
    'The control plane met an unexpected error; its log has the details.',
  );
}

function fromZod(error: ZodError): ArmError {
  const [unknown] = unknownPaths(error);
  if (unknown) return unknownProperty(unknown.join('.'));
  const issue = error.issues[0]!;
  const path = issue.path.join('.');
  const where = path === '' ? '' : ` at '${path}'`;
  return new ArmError(
    'InvalidRequestContent',
    `The request content was invalid${where}: ${issue.message}`,
    path || undefined,
  );
}

function isHttpError(error: unknown): error is Error & { statusCode: number } {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}

/** Without the query, which may hold what no log should. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0]!;
}
