// What can be asked of a connected registry's node: give the name back, and synchronise everything again.
import type { FastifyInstance } from 'fastify';
import { ArmError } from '../../arm/errors.ts';
import { unixSeconds } from '../../arm/instant.ts';
import { keyOf, nameOf, type ResourceKey } from '../../arm/resource-id.ts';
import { type ChildParams, routePaths } from '../../arm/route-paths.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceContext } from '../context.ts';
import { requireConnected, showConnected } from './found.ts';
import { connectedRegistryKind, type ConnectedRegistryProperties } from './schema.ts';
import { isActive } from './state.ts';

interface Route {
  Params: ChildParams;
}
const item = `${routePaths.registry}/connectedRegistries/:name`;

export function connectedRegistryActions(app: FastifyInstance, context: ResourceContext): void {
  const { resources, reports, registries } = context;

  app.post<Route>(`${item}/deactivate`, async (request, reply) => {
    const { registry, connected } = await requireConnected(context, resources, request.params);
    if (connected.properties.parentId === undefined) {
      const { children } = await registries.get(keyOf(registry.id));
      await children.release(connected.name);
    } else {
      await releaseNested(context, keyOf(registry.id), connected);
    }
    return reply.code(200).send();
  });

  app.post<Route>(`${item}/resync`, async (request) => {
    const found = await requireConnected(context, resources, request.params);
    const { registry, connected } = found;
    requireDirect(connected);
    const report = await reports.get(keyOf(connected.id));
    if (!isActive(connected.properties, report)) {
      throw new ArmError(
        'ConnectedRegistryHasOfflineChildren',
        `The connected registry ${connected.name} has no active instance that could synchronise. Start it, then try again.`,
      );
    }
    const { children } = await registries.get(keyOf(registry.id));
    await children.requestFullSync(connected.name, 'ManualResync');
    return showConnected(context, request, found);
  });
}

/** Its instance holds the name at the node above, which learns of it with its configuration. */
async function releaseNested(
  { resources, reports, clock }: ResourceContext,
  registryKey: ResourceKey,
  { id }: Resource<ConnectedRegistryProperties>,
): Promise<void> {
  await resources.change(async (change) => {
    const connected = await change.get(connectedRegistryKind, keyOf(id));
    if (!connected) return;
    const deactivations = Math.max(connected.properties.deactivations + 1, unixSeconds(clock.now()));
    await change.put({ ...connected, properties: { ...connected.properties, deactivations } }, registryKey);
  });
  const status = (await reports.get(keyOf(id)))?.status;
  if (status) await reports.update(new Map([[keyOf(id), { status: { ...status, active: false } }]]));
}

/** The gateway carries a demand for a full sync only to the nodes that call it. @throws ArmError NotImplemented */
function requireDirect({ name, properties }: Resource<ConnectedRegistryProperties>): void {
  if (properties.parentId === undefined) return;
  const parent = nameOf(properties.parentId);
  throw new ArmError(
    'NotImplemented',
    `${name} is a child of the connected registry ${parent} and cannot be resynchronised from here. Resynchronise ${parent} instead.`,
  );
}
