// Replications over HTTP. Each change is long-running in Azure, and has ended here when its operation is given out.
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../../arm/authorization.ts';
import { childNotFound } from '../../arm/errors.ts';
import { answerAccepted, answerStarted } from '../../arm/operation-answers.ts';
import { pageFrom, pageOf, toPage } from '../../arm/paging.ts';
import { childId, keyOf } from '../../arm/resource-id.ts';
import { type ChildParams, type RegistryParams, routePaths } from '../../arm/route-paths.ts';
import { savedBy } from '../../arm/system-data.ts';
import { type ResourceContext, requireRegistry } from '../context.ts';
import { normaliseLocation } from '../resource-groups/rules.ts';
import {
  checkRegion,
  checkReplicated,
  checkReplicationName,
  checkSameZones,
  findReplication,
  homeReplication,
  refuseHome,
} from './rules.ts';
import { replicationKind, replicationPatchSchema, replicationPutSchema, toReplication } from './schema.ts';

interface Route {
  Params: ChildParams;
}
const list = `${routePaths.registry}/replications`;
const item = `${list}/:name`;

export function replicationRoutes(app: FastifyInstance, context: ResourceContext): void {
  const { resources, settings, longRunning, clock, readBody } = context;

  app.put<Route>(item, async (request, reply) => {
    const { location: place, tags, properties } = readBody(request, replicationPutSchema);
    const location = normaliseLocation(place);
    const { name } = request.params;
    checkReplicationName(name);
    const { replication, verb } = await resources.change(async (change) => {
      const registry = await requireRegistry(context, change, request.params);
      checkReplicated(registry);
      refuseHome(registry, name);
      const id = childId(registry.id, replicationKind.type, name);
      const before = await change.get(replicationKind, keyOf(id));
      await checkRegion(change, registry, { name, location, before });
      checkSameZones(before, properties?.zoneRedundancy);
      const saved = {
        id: before?.id ?? id,
        type: replicationKind.type,
        name: before?.name ?? name,
        location,
        tags: tags ?? before?.tags ?? {},
        systemData: savedBy(callerOf(request), clock.now(), before?.systemData),
        properties: {
          regionEndpointEnabled: properties?.regionEndpointEnabled ?? true,
          zoneRedundancy: properties?.zoneRedundancy ?? before?.properties.zoneRedundancy ?? 'Disabled',
        },
      };
      await change.put(saved, keyOf(registry.id));
      return { replication: saved, verb: before ? ('Updating' as const) : ('Creating' as const) };
    });
    const operation = await longRunning.ended('replications', verb);
    return answerStarted(request, reply, replication.id, operation).send(toReplication(replication, verb));
  });

  app.patch<Route>(item, async (request, reply) => {
    const { tags, properties } = readBody(request, replicationPatchSchema);
    const { name } = request.params;
    const replication = await resources.change(async (change) => {
      const registry = await requireRegistry(context, change, request.params);
      refuseHome(registry, name);
      const before = await change.get(
        replicationKind,
        keyOf(childId(registry.id, replicationKind.type, name)),
      );
      if (!before) throw childNotFound(name);
      const { regionEndpointEnabled } = before.properties;
      const saved = {
        ...before,
        tags: tags ?? before.tags,
        systemData: savedBy(callerOf(request), clock.now(), before.systemData),
        properties: {
          ...before.properties,
          regionEndpointEnabled: properties?.regionEndpointEnabled ?? regionEndpointEnabled,
        },
      };
      await change.put(saved, keyOf(registry.id));
      return saved;
    });
    const operation = await longRunning.ended('replications', 'Updating');
    return answerStarted(request, reply, replication.id, operation).send(
      toReplication(replication, 'Updating'),
    );
  });

  app.get<Route>(item, async (request) => {
    const registry = await requireRegistry(context, resources, request.params);
    const { name } = request.params;
    const key = keyOf(childId(registry.id, replicationKind.type, name));
    const replication = await findReplication(resources, registry, key);
    if (!replication) throw childNotFound(name);
    return toReplication(replication);
  });

  app.get<{ Params: RegistryParams }>(list, async (request) => {
    const registry = await requireRegistry(context, resources, request.params);
    const home = homeReplication(registry);
    const all = [...(home ? [home] : []), ...(await resources.list(replicationKind, keyOf(registry.id)))];
    return toPage(request, pageFrom(pageOf(request), all), (replication) => toReplication(replication));
  });

  app.delete<Route>(item, async (request, reply) => {
    const { name } = request.params;
    const gone = await resources.change(async (change) => {
      const registry = await requireRegistry(context, change, request.params);
      refuseHome(registry, name);
      const key = keyOf(childId(registry.id, replicationKind.type, name));
      const before = await change.get(replicationKind, key);
      await change.remove(key);
      return before;
    });
    if (!gone) return reply.code(204).send();
    const operation = await longRunning.ended('replications', 'Deleting');
    const place = { subscription: settings.subscriptionId, location: gone.location! };
    return answerAccepted(request, reply, place, operation);
  });
}
