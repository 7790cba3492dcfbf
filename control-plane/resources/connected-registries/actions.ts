// What can be asked of a connected registry's node: give the name back, and synchronise everything again. The gateway
// carries a demand to the nodes that call it; a nested node learns of it from its parent, which gets it with its
// configuration.
import type { FastifyInstance } from 'fastify';
import { ArmError } from '../../arm/errors.ts';
import { unixSeconds } from '../../arm/instant.ts';
import { keyOf } from '../../arm/resource-id.ts';
import { type ChildParams, routePaths } from '../../arm/route-paths.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceContext } from '../context.ts';
import { type Found, requireConnected, showConnected } from './found.ts';
import { connectedRegistryKind, type ConnectedRegistryProperties } from './schema.ts';
import { isActive } from './state.ts';

interface Route {
  Params: ChildParams;
}
const item = `${routePaths.registry}/connectedRegistries/:name`;

export function connectedRegistryActions(app: FastifyInstance, context: ResourceContext): void {
  const { resources, reports, registries } = context;

  app.post<Route>(`${item}/deactivate`, async (request, reply) => {
    const found = await requireConnected(context, resources, request.params);
    const { registry, connected } = found;
    if (connected.properties.parentId === undefined) {
      const { children } = await registries.get(keyOf(registry.id));
      await children.release(connected.name);
    } else {
      await releaseNested(context, found);
    }
    return reply.code(200).send();
  });

  app.post<Route>(`${item}/resync`, async (request) => {
    const found = await requireConnected(context, resources, request.params);
    const { registry, connected } = found;
    const report = await reports.get(keyOf(connected.id));
    if (!isActive(connected.properties, report)) {
      throw new ArmError(
        'ConnectedRegistryHasOfflineChildren',
        `The connected registry ${connected.name} has no active instance that could synchronise. Start it, then try again.`,
      );
    }
    if (connected.properties.parentId === undefined) {
      const { children } = await registries.get(keyOf(registry.id));
      await children.requestFullSync(connected.name, 'ManualResync');
    } else {
      await resyncNested(context, found);
    }
    return showConnected(context, request, await requireConnected(context, resources, request.params));
  });
}

/** Its instance holds the name at the node above. */
async function releaseNested(context: ResourceContext, found: Found): Promise<void> {
  const { reports, clock } = context;
  await changeNested(context, found, ({ deactivations }) => ({
    deactivations: Math.max(deactivations + 1, unixSeconds(clock.now())),
  }));
  const key = keyOf(found.connected.id);
  const status = (await reports.get(key))?.status;
  if (status) await reports.update(new Map([[key, { status: { ...status, active: false } }]]));
}

async function resyncNested(context: ResourceContext, found: Found): Promise<void> {
  const fullSync = { trigger: 'ManualResync' as const, at: context.clock.now().toISOString() };
  await changeNested(context, found, ({ resyncs = 0 }) => ({ resyncs: resyncs + 1 }));
  await context.reports.update(new Map([[keyOf(found.connected.id), { fullSync }]]));
}

async function changeNested(
  { resources }: ResourceContext,
  { registry, connected }: Found,
  change: (properties: ConnectedRegistryProperties) => Partial<ConnectedRegistryProperties>,
): Promise<void> {
  await resources.change(async (transaction) => {
    const now: Resource<ConnectedRegistryProperties> | undefined = await transaction.get(
      connectedRegistryKind,
      keyOf(connected.id),
    );
    if (!now) return;
    const properties = { ...now.properties, ...change(now.properties) };
    await transaction.put({ ...now, properties }, keyOf(registry.id));
  });
}
