// Resource groups over HTTP. Deleting one deletes its registries, with their content.
import type { FastifyInstance } from 'fastify';
import { pageOf, toPage } from '../../arm/paging.ts';
import { keyOf, resourceGroupId, subscriptionId } from '../../arm/resource-id.ts';
import { type ResourceGroupParams, routePaths, type SubscriptionParams } from '../../arm/route-paths.ts';
import { callerOf } from '../../arm/server.ts';
import { savedBy } from '../../arm/system-data.ts';
import { type ResourceContext, requireResourceGroup, requireSubscription } from '../context.ts';
import { registryKind } from '../registries/schema.ts';
import { checkResourceGroupName, normaliseLocation } from './rules.ts';
import {
  resourceGroupKind,
  resourceGroupPatchSchema,
  resourceGroupPutSchema,
  toResourceGroup,
} from './schema.ts';

interface Route {
  Params: ResourceGroupParams;
}

export function resourceGroupRoutes(app: FastifyInstance, context: ResourceContext): void {
  const { resources, settings, clock } = context;

  app.put<Route>(routePaths.resourceGroup, async (request, reply) => {
    const { params } = request;
    const subscription = requireSubscription(settings, params);
    checkResourceGroupName(params.resourceGroup);
    const body = resourceGroupPutSchema.parse(request.body);
    const { group, created } = await resources.change(async (change) => {
      const key = keyOf(resourceGroupId(subscription, params.resourceGroup));
      const before = await change.get(resourceGroupKind, key);
      const name = before?.name ?? params.resourceGroup;
      const group = {
        id: before?.id ?? resourceGroupId(subscription, name),
        type: resourceGroupKind.type,
        name,
        location: before?.location ?? normaliseLocation(body.location),
        tags: body.tags ?? before?.tags,
        systemData: savedBy(callerOf(request), clock.now(), before?.systemData),
        properties: {},
      };
      await change.put(group, keyOf(subscriptionId(subscription)));
      return { group, created: !before };
    });
    return reply.code(created ? 201 : 200).send(toResourceGroup(group));
  });

  app.patch<Route>(routePaths.resourceGroup, async (request) => {
    const body = resourceGroupPatchSchema.parse(request.body);
    return resources.change(async (change) => {
      const before = await requireResourceGroup(context, change, request.params);
      const systemData = savedBy(callerOf(request), clock.now(), before.systemData);
      const group = { ...before, tags: body.tags ?? before.tags, systemData };
      await change.put(group, keyOf(subscriptionId(settings.subscriptionId)));
      return toResourceGroup(group);
    });
  });

  app.get<Route>(routePaths.resourceGroup, { exposeHeadRoute: false }, async (request) =>
    toResourceGroup(await requireResourceGroup(context, resources, request.params)),
  );
  // `az group exists`
  app.head<Route>(routePaths.resourceGroup, async (request, reply) => {
    await requireResourceGroup(context, resources, request.params);
    return reply.code(204).send();
  });

  app.get<{ Params: SubscriptionParams }>(`${routePaths.subscription}/resourceGroups`, async (request) => {
    const subscription = requireSubscription(settings, request.params);
    const entries = await resources.list(
      resourceGroupKind,
      keyOf(subscriptionId(subscription)),
      pageOf(request),
    );
    return toPage(request, entries, toResourceGroup);
  });

  app.delete<Route>(routePaths.resourceGroup, async (request, reply) => {
    const group = await requireResourceGroup(context, resources, request.params);
    const key = keyOf(group.id);
    for (const registry of await resources.list(registryKind, key)) {
      await context.registries.remove(keyOf(registry.id));
    }
    await resources.change((change) => change.remove(key));
    return reply.code(200).send();
  });
}
