// Connected registries over HTTP. Changes are instant here; nodes learn of them at their next round.
import type { FastifyInstance } from 'fastify';
import { parseFilter } from '../../arm/filter.ts';
import { pageFrom, pageOf, toPage } from '../../arm/paging.ts';
import { childId, keyOf } from '../../arm/resource-id.ts';
import { type ChildParams, type RegistryParams, routePaths } from '../../arm/route-paths.ts';
import { unixSeconds } from '../../arm/instant.ts';
import { callerOf } from '../../arm/authorization.ts';
import { savedBy } from '../../arm/system-data.ts';
import { type ResourceContext, requireRegistry } from '../context.ts';
import { requireConnected, showConnected, showHeard } from './found.ts';
import {
  checkConnectedRegistryName,
  checkNoChildren,
  checkRoomFor,
  checkUnchanged,
  refuseIdentity,
} from './rules.ts';
import {
  connectedRegistryKind,
  type ConnectedRegistryPatch,
  connectedRegistryPatchSchema,
  connectedRegistryPutSchema,
  connectedRegistryVersions,
} from './schema.ts';
import { fromPatch, fromPut } from './settings.ts';
import { connectionState } from './state.ts';

interface Route {
  Params: ChildParams;
}
interface ListRoute {
  Params: RegistryParams;
  Querystring: { $filter?: string };
}
const list = `${routePaths.registry}/connectedRegistries`;
const item = `${list}/:name`;

export function connectedRegistryRoutes(app: FastifyInstance, context: ResourceContext): void {
  const { resources, reports, clock, readBody } = context;

  app.put<Route>(item, async (request) => {
    const body = readBody(request, connectedRegistryPutSchema, connectedRegistryVersions);
    const input = body.properties;
    refuseIdentity(body.identity, input.parent.syncProperties.authType);
    const { name } = request.params;
    checkConnectedRegistryName(name);
    const found = await resources.change(async (change) => {
      const registry = await requireRegistry(context, change, request.params);
      const id = childId(registry.id, connectedRegistryKind.type, name);
      const before = await change.get(connectedRegistryKind, keyOf(id));
      if (!before) await checkRoomFor(change, registry);
      const now = clock.now();
      const properties = await fromPut(change, registry, name, input, before?.properties);
      if (before) checkUnchanged(before.properties, properties);
      const connected = {
        id: before?.id ?? id,
        type: connectedRegistryKind.type,
        name: before?.name ?? name,
        systemData: savedBy(callerOf(request), now, before?.systemData),
        properties: {
          ...properties,
          deactivations: before?.properties.deactivations ?? unixSeconds(now),
          resyncs: before?.properties.resyncs,
        },
      };
      await change.put(connected, keyOf(registry.id));
      return { registry, connected };
    });
    return showConnected(context, request, found);
  });

  app.patch<Route>(item, async (request) => {
    const body = readBody(request, connectedRegistryPatchSchema, connectedRegistryVersions);
    const input: ConnectedRegistryPatch = body.properties ?? {};
    refuseIdentity(body.identity, input.syncProperties?.authType);
    const found = await resources.change(async (change) => {
      const { registry, connected: before } = await requireConnected(context, change, request.params);
      const connected = {
        ...before,
        systemData: savedBy(callerOf(request), clock.now(), before.systemData),
        properties: await fromPatch(change, registry, before.properties, input),
      };
      await change.put(connected, keyOf(registry.id));
      return { registry, connected };
    });
    return showConnected(context, request, found);
  });

  app.get<Route>(item, async (request) =>
    showConnected(context, request, await requireConnected(context, resources, request.params)),
  );

  app.get<ListRoute>(list, async (request) => {
    const wanted = parseFilter(request.query.$filter, ['parent.id', 'mode', 'connectionState']);
    const registry = await requireRegistry(context, resources, request.params);
    const heard = await reports.list(keyOf(registry.id));
    const all = await resources.list(connectedRegistryKind, keyOf(registry.id));
    const found = all.filter(({ id, properties }) => {
      const state = connectionState(properties, heard.get(keyOf(id)), clock.now());
      return (
        same(wanted['parent.id'], properties.parentId ?? '') &&
        same(wanted.mode, properties.mode) &&
        same(wanted.connectionState, state)
      );
    });
    const entries = pageFrom(pageOf(request), found);
    return toPage(request, entries, (connected) =>
      showHeard(context, request, { registry, connected }, heard),
    );
  });

  app.delete<Route>(item, async (request, reply) => {
    const gone = await resources.change(async (change) => {
      const registry = await requireRegistry(context, change, request.params);
      const key = keyOf(childId(registry.id, connectedRegistryKind.type, request.params.name));
      const connected = await change.get(connectedRegistryKind, key);
      if (connected) await checkNoChildren(change, registry, connected);
      return change.remove(key);
    });
    reports.forget(gone);
    return reply.code(gone.length > 0 ? 200 : 204).send();
  });
}

function same(wanted: string | undefined, is: string): boolean {
  return wanted === undefined || wanted.toLowerCase() === is.toLowerCase();
}
