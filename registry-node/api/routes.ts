// The OCI distribution API as a table: a file per noun, a row per endpoint. Here every row is guarded and mounted.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, Gate } from '../auth/gate.ts';
import type { Content } from '../content/content.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { blobRoutes } from './blobs.ts';
import { catalogRoutes } from './catalog.ts';
import { manifestRoutes } from './manifests.ts';
import { methodsOf, refuseOtherMethods } from './methods.ts';
import { referrerRoutes } from './referrers.ts';
import type { Exchange, RegistryRoute, RepositoryRoute } from './route.ts';
import { tagRoutes } from './tags.ts';
import { createUploadsAtOnce } from './uploads-at-once.ts';
import { uploadRoutes } from './uploads.ts';

export interface RegistryApiOptions {
  content: Content;
  gate: Gate;
}

const ping: RegistryRoute['handle'] = async ({ reply }) => reply.send({});

export const registryRoutes: readonly RegistryRoute[] = [
  { end: 'end-1', method: 'GET', path: '/v2/', need: 'sign-in', handle: ping },
  { end: 'end-1', method: 'GET', path: '/v2', need: 'sign-in', handle: ping },
  ...catalogRoutes,
];

export const repositoryRoutes: readonly RepositoryRoute[] = [
  ...blobRoutes,
  ...manifestRoutes,
  ...uploadRoutes,
  ...tagRoutes,
  ...referrerRoutes,
];

export function registryApi(app: FastifyInstance, { content, gate }: RegistryApiOptions): void {
  for (const row of registryRoutes) {
    const { path, need, handle } = row;
    app.route({
      method: methodsOf(row, registryRoutes),
      url: path,
      handler: async (request, reply) => {
        const caller = await gate.admit(request, { kind: need });
        return handle(exchange(content, request, reply, caller));
      },
    });
  }
  const uploads = createUploadsAtOnce();
  for (const row of repositoryRoutes) {
    const { path, actions, any = false, change = false, upload = false, handle } = row;
    app.route({
      method: methodsOf(row, repositoryRoutes),
      url: urlOf(path),
      handler: async (request, reply) => {
        const repository = parseRepositoryName(parameters(request).name ?? '');
        const caller = await gate.admit(request, { kind: 'repository', repository, actions, change, any });
        const work = () => handle({ ...exchange(content, request, reply, caller), repository });
        return upload ? uploads.during(caller.principal.name, work) : work();
      },
    });
  }
  refuseOtherMethods(app, registryRoutes, (path) => path);
  refuseOtherMethods(app, repositoryRoutes, urlOf);
}

const urlOf = (path: string): string => `/v2/:name/${path}`;

function exchange(content: Content, request: FastifyRequest, reply: FastifyReply, caller: Caller): Exchange {
  const { connectedRegistry } = caller.principal;
  const mark = request.url.indexOf('?');
  return {
    content,
    request,
    reply,
    caller,
    parameter: (name) => parameters(request)[name] ?? '',
    query: new URLSearchParams(mark < 0 ? '' : request.url.slice(mark)),
    change: { origin: connectedRegistry === undefined ? 'client' : { connectedRegistry } },
  };
}

function parameters(request: FastifyRequest): Record<string, string | undefined> {
  return request.params as Record<string, string | undefined>;
}
