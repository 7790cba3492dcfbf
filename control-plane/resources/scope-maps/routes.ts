// Scope maps over HTTP. A change takes effect at once for every token that uses the map.
import type { FastifyInstance } from 'fastify';
import { childNotFound } from '../../arm/errors.ts';
import { answerAccepted, answerStarted } from '../../arm/operation-answers.ts';
import { pageFrom, pageOf, toPage } from '../../arm/paging.ts';
import { childId, keyOf } from '../../arm/resource-id.ts';
import { type ChildParams, type RegistryParams, routePaths } from '../../arm/route-paths.ts';
import { callerOf } from '../../arm/authorization.ts';
import { savedBy } from '../../arm/system-data.ts';
import { type ResourceContext, requireRegistry } from '../context.ts';
import { checkQuota } from '../registries/quota.ts';
import { checkActions, checkScopeMapName, checkUnused } from './rules.ts';
import { scopeMapKind, scopeMapPatchSchema, scopeMapPutSchema, toScopeMap } from './schema.ts';
import { findScopeMap, systemScopeMapsOf } from './system.ts';

interface Route {
  Params: ChildParams;
}
const list = `${routePaths.registry}/scopeMaps`;
const item = `${list}/:name`;

export function scopeMapRoutes(app: FastifyInstance, context: ResourceContext): void {
  const { resources, settings, longRunning, clock, readBody } = context;

  app.put<Route>(item, async (request) => {
    const { description, actions } = readBody(request, scopeMapPutSchema).properties;
    const { name } = request.params;
    checkScopeMapName(name);
    return resources.change(async (change) => {
      const registry = await requireRegistry(context, change, request.params);
      const id = childId(registry.id, scopeMapKind.type, name);
      const before = await change.get(scopeMapKind, keyOf(id));
      if (!before) await checkQuota(change, registry, scopeMapKind, 'scopeMaps');
      const now = clock.now();
      const scopeMap = {
        id: before?.id ?? id,
        type: scopeMapKind.type,
        name: before?.name ?? name,
        systemData: savedBy(callerOf(request), now, before?.systemData),
        properties: {
          kind: 'UserDefined' as const,
          description: description ?? undefined,
          creationDate: before?.properties.creationDate ?? now.toISOString(),
          actions: checkActions(actions),
        },
      };
      await change.put(scopeMap, keyOf(registry.id));
      return toScopeMap(scopeMap);
    });
  });

  app.patch<Route>(item, async (request, reply) => {
    const input = readBody(request, scopeMapPatchSchema).properties;
    const { name } = request.params;
    checkScopeMapName(name);
    const scopeMap = await resources.change(async (change) => {
      const registry = await requireRegistry(context, change, request.params);
      const before = await change.get(scopeMapKind, keyOf(childId(registry.id, scopeMapKind.type, name)));
      if (!before) throw childNotFound(name);
      const properties = {
        ...before.properties,
        description: input?.description ?? before.properties.description,
        actions: input?.actions ? checkActions(input.actions) : before.properties.actions,
      };
      const systemData = savedBy(callerOf(request), clock.now(), before.systemData);
      const scopeMap = { ...before, systemData, properties };
      await change.put(scopeMap, keyOf(registry.id));
      return scopeMap;
    });
    const operation = await longRunning.ended('token', 'Updating');
    return answerStarted(request, reply, scopeMap.id, operation).send(toScopeMap(scopeMap, 'Updating'));
  });

  app.get<Route>(item, async (request) => {
    const registry = await requireRegistry(context, resources, request.params);
    const { name } = request.params;
    const scopeMap = await findScopeMap(
      resources,
      registry,
      keyOf(childId(registry.id, scopeMapKind.type, name)),
    );
    if (!scopeMap) throw childNotFound(name);
    return toScopeMap(scopeMap);
  });

  app.get<{ Params: RegistryParams }>(list, async (request) => {
    const registry = await requireRegistry(context, resources, request.params);
    const page = pageOf(request);
    const stored = await resources.list(scopeMapKind, keyOf(registry.id), page);
    const entries = pageFrom(page, [...systemScopeMapsOf(registry), ...stored]);
    return toPage(request, entries, (entry) => toScopeMap(entry));
  });

  app.delete<Route>(item, async (request, reply) => {
    const { params } = request;
    checkScopeMapName(params.name);
    const { existed, location } = await resources.change(async (change) => {
      const registry = await requireRegistry(context, change, params);
      const key = keyOf(childId(registry.id, scopeMapKind.type, params.name));
      await checkUnused(change, registry, key);
      const gone = await change.remove(key);
      return { existed: gone.length > 0, location: registry.location! };
    });
    if (!existed) return reply.code(204).send();
    const operation = await longRunning.ended('token', 'Deleting');
    return answerAccepted(request, reply, { subscription: settings.subscriptionId, location }, operation);
  });
}
