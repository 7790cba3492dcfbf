// ACR's metadata API (Azure REST API, Container Registry data plane 2021-07-01): what `az acr repository` and `az acr
// manifest` show and lock. A file per noun, a row per endpoint; here every row is guarded and mounted. A repository's name
// arrives as one parameter, however the client wrote its slashes (registry-node/http/repository-path.ts).
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { visibleRepositories } from '../../../registry-node/api/catalog.ts';
import { methodsOf, refuseOtherMethods } from '../../../registry-node/api/methods.ts';
import type { Caller, Gate } from '../../../registry-node/auth/gate.ts';
import type { Content } from '../../../registry-node/content/content.ts';
import { obeyLocks } from '../../../registry-node/content/locks.ts';
import { parseRepositoryName } from '../../../registry-node/oci/name.ts';
import { createImageFacts } from './image-facts.ts';
import { manifestRoutes } from './manifests.ts';
import { linkNext, parsePage } from './page.ts';
import { repositoryRoutes } from './repository.ts';
import type { MetadataExchange, MetadataRoute } from './route.ts';
import { tagRoutes } from './tags.ts';

export const metadataTable: readonly MetadataRoute[] = [...repositoryRoutes, ...tagRoutes, ...manifestRoutes];

export const catalogPath = '/acr/v1/_catalog';
const urlOf = (path: string): string => `/acr/v1/:name${path}`;

/** @param content as it is: locks are obeyed here */
export function metadataRoutes(
  app: FastifyInstance,
  { content: unguarded, gate }: { content: Content; gate: Gate },
): void {
  const content = obeyLocks(unguarded);
  const facts = createImageFacts(unguarded);
  const exchange = (request: FastifyRequest, reply: FastifyReply, caller: Caller): MetadataExchange => {
    const { connectedRegistry } = caller.principal;
    const change = { origin: connectedRegistry === undefined ? ('client' as const) : { connectedRegistry } };
    const parameter = (name: string): string => parameters(request)[name] ?? '';
    return { content, facts, request, reply, caller, change, parameter };
  };

  const catalog = { method: 'GET', path: catalogPath } as const;
  app.route({
    method: methodsOf(catalog, [catalog]),
    url: catalogPath,
    handler: async (request, reply) => {
      const caller = await gate.admit(request, { kind: 'catalog' });
      const page = parsePage(request);
      const found = await visibleRepositories(content, caller, page);
      return { repositories: linkNext(reply, catalogPath, page, found, (name) => name) };
    },
  });
  for (const row of metadataTable) {
    const { path, actions, change = false, handle } = row;
    app.route({
      method: methodsOf(row, metadataTable),
      url: urlOf(path),
      handler: async (request, reply) => {
        const repository = parseRepositoryName(parameters(request).name ?? '');
        const caller = await gate.admit(request, { kind: 'repository', repository, actions, change });
        const heading = { registry: request.host, imageName: repository };
        return handle({ ...exchange(request, reply, caller), repository, heading });
      },
    });
  }
  refuseOtherMethods(app, [catalog], (path) => path);
  refuseOtherMethods(app, metadataTable, urlOf);
}

function parameters(request: FastifyRequest): Record<string, string | undefined> {
  return request.params as Record<string, string | undefined>;
}
