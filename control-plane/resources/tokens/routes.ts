// Tokens over HTTP.
import type { FastifyInstance } from 'fastify';
import { childNotFound } from '../../arm/errors.ts';
import { answerAccepted, answerStarted } from '../../arm/operation-answers.ts';
import { pageOf, toPage } from '../../arm/paging.ts';
import { childId, keyOf } from '../../arm/resource-id.ts';
import { type ChildParams, type RegistryParams, routePaths } from '../../arm/route-paths.ts';
import { callerOf } from '../../arm/authorization.ts';
import { savedBy } from '../../arm/system-data.ts';
import { type ResourceContext, requireRegistry } from '../context.ts';
import { checkQuota } from '../registries/quota.ts';
import { keptCertificates } from './certificates.ts';
import { checkScopeMapId, checkTokenName, keptPasswords, releaseToken } from './rules.ts';
import { type TokenInput, tokenKind, tokenPatchSchema, tokenPutSchema, toToken } from './schema.ts';

interface Route {
  Params: ChildParams;
}
const list = `${routePaths.registry}/tokens`;
const item = `${list}/:name`;

export function tokenRoutes(app: FastifyInstance, context: ResourceContext): void {
  const { resources, settings, longRunning, clock, readBody } = context;

  app.put<Route>(item, async (request, reply) => {
    const input = readBody(request, tokenPutSchema).properties;
    const { name } = request.params;
    checkTokenName(name);
    const { token, verb } = await resources.change(async (change) => {
      const registry = await requireRegistry(context, change, request.params);
      const id = childId(registry.id, tokenKind.type, name);
      const before = await change.get(tokenKind, keyOf(id));
      if (!before) await checkQuota(change, registry, tokenKind, 'tokens');
      const now = clock.now();
      const token = {
        id: before?.id ?? id,
        type: tokenKind.type,
        name: before?.name ?? name,
        systemData: savedBy(callerOf(request), now, before?.systemData),
        properties: {
          creationDate: before?.properties.creationDate ?? now.toISOString(),
          scopeMapId: await checkScopeMapId(change, registry, input.scopeMapId),
          status: input.status ?? 'enabled',
          passwords: keptPasswords(before?.properties.passwords ?? [], input.credentials),
          certificates: keptCertificates(before?.properties.certificates ?? [], input.credentials),
        },
      };
      await change.put(token, keyOf(registry.id));
      return { token, verb: before ? ('Updating' as const) : ('Creating' as const) };
    });
    const operation = await longRunning.ended('token', verb);
    return answerStarted(request, reply, token.id, operation).send(toToken(token, verb));
  });

  app.patch<Route>(item, async (request, reply) => {
    const input: TokenInput = readBody(request, tokenPatchSchema).properties ?? {};
    const { name } = request.params;
    const token = await resources.change(async (change) => {
      const registry = await requireRegistry(context, change, request.params);
      const before = await change.get(tokenKind, keyOf(childId(registry.id, tokenKind.type, name)));
      if (!before) throw childNotFound(name);
      const { properties } = before;
      const token = {
        ...before,
        systemData: savedBy(callerOf(request), clock.now(), before.systemData),
        properties: {
          ...properties,
          scopeMapId: input.scopeMapId
            ? await checkScopeMapId(change, registry, input.scopeMapId)
            : properties.scopeMapId,
          status: input.status ?? properties.status,
          passwords: keptPasswords(properties.passwords, input.credentials),
          certificates: keptCertificates(properties.certificates ?? [], input.credentials),
        },
      };
      await change.put(token, keyOf(registry.id));
      return token;
    });
    const operation = await longRunning.ended('token', 'Updating');
    return answerStarted(request, reply, token.id, operation).send(toToken(token, 'Updating'));
  });

  app.get<Route>(item, async (request) => {
    const registry = await requireRegistry(context, resources, request.params);
    const { name } = request.params;
    const token = await resources.get(tokenKind, keyOf(childId(registry.id, tokenKind.type, name)));
    if (!token) throw childNotFound(name);
    return toToken(token);
  });

  app.get<{ Params: RegistryParams }>(list, async (request) => {
    const registry = await requireRegistry(context, resources, request.params);
    const entries = await resources.list(tokenKind, keyOf(registry.id), pageOf(request));
    return toPage(request, entries, (entry) => toToken(entry));
  });

  app.delete<Route>(item, async (request, reply) => {
    const { existed, location } = await resources.change(async (change) => {
      const registry = await requireRegistry(context, change, request.params);
      const key = keyOf(childId(registry.id, tokenKind.type, request.params.name));
      await releaseToken(change, keyOf(registry.id), key);
      return { existed: (await change.remove(key)).length > 0, location: registry.location! };
    });
    if (!existed) return reply.code(204).send();
    const operation = await longRunning.ended('token', 'Deleting');
    return answerAccepted(request, reply, { subscription: settings.subscriptionId, location }, operation);
  });
}
