// Resource groups over HTTP. Deleting one deletes its registries, with their content.
import type { FastifyInstance } from 'fastify';
import { parseFilter } from '../../arm/filter.ts';
import { answerAccepted } from '../../arm/operation-answers.ts';
import { pageFrom, pageOf, toPage } from '../../arm/paging.ts';
import { keyOf, resourceGroupId, subscriptionId } from '../../arm/resource-id.ts';
import { type ResourceGroupParams, routePaths, type SubscriptionParams } from '../../arm/route-paths.ts';
import { callerOf } from '../../arm/authorization.ts';
import { savedBy } from '../../arm/system-data.ts';
import type { Resource } from '../../store/resource.ts';
import {
  type ResourceContext,
  requireLastingGroup,
  requireResourceGroup,
  requireSubscription,
} from '../context.ts';
import { removeGroup } from './remove.ts';
import { checkResourceGroupName, checkSameGroupLocation, normaliseLocation } from './rules.ts';
import {
  resourceGroupKind,
  type ResourceGroupProperties,
  resourceGroupPatchSchema,
  resourceGroupPutSchema,
  toResourceGroup,
} from './schema.ts';

interface Route {
  Params: ResourceGroupParams;
}
interface ListRoute {
  Params: SubscriptionParams;
  Querystring: { $filter?: string };
}

export function resourceGroupRoutes(app: FastifyInstance, context: ResourceContext): void {
  const { resources, settings, clock, longRunning, readBody } = context;
  const parent = keyOf(subscriptionId(settings.subscriptionId));

  app.put<Route>(routePaths.resourceGroup, async (request, reply) => {
    const { params } = request;
    const subscription = requireSubscription(settings, params);
    checkResourceGroupName(params.resourceGroup);
    const body = readBody(request, resourceGroupPutSchema);
    const location = normaliseLocation(body.location);
    const { group, created } = await resources.change(async (change) => {
      const key = keyOf(resourceGroupId(subscription, params.resourceGroup));
      const before = await change.get(resourceGroupKind, key);
      if (before) await requireLastingGroup(context, change, params);
      if (before) checkSameGroupLocation(before, location);
      const name = before?.name ?? params.resourceGroup;
      const group = {
        id: before?.id ?? resourceGroupId(subscription, name),
        type: resourceGroupKind.type,
        name,
        location,
        tags: body.tags ?? undefined,
        systemData: savedBy(callerOf(request), clock.now(), before?.systemData),
        properties: {},
      };
      await change.put(group, parent);
      return { group, created: !before };
    });
    return reply.code(created ? 201 : 200).send(toResourceGroup(group));
  });

  app.patch<Route>(routePaths.resourceGroup, async (request) => {
    const body = readBody(request, resourceGroupPatchSchema);
    return resources.change(async (change) => {
      const before = await requireLastingGroup(context, change, request.params);
      const systemData = savedBy(callerOf(request), clock.now(), before.systemData);
      const group = { ...before, tags: body.tags ?? before.tags, systemData };
      await change.put(group, parent);
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

  app.get<ListRoute>(`${routePaths.subscription}/resourceGroups`, async (request) => {
    requireSubscription(settings, request.params);
    const { tagName, tagValue } = parseFilter(request.query.$filter, ['tagName', 'tagValue']);
    const page = pageOf(request);
    if (tagName === undefined && tagValue === undefined)
      return toPage(request, await resources.list(resourceGroupKind, parent, page), toResourceGroup);
    const all = await resources.list(resourceGroupKind, parent);
    const tagged = all.filter((group) => hasTag(group, tagName, tagValue));
    return toPage(request, pageFrom(page, tagged), toResourceGroup);
  });

  app.delete<Route>(routePaths.resourceGroup, async (request, reply) => {
    const group = await resources.change(async (change) => {
      const before = await requireResourceGroup(context, change, request.params);
      const properties = { ...before.properties, provisioningState: 'Deleting' as const };
      await change.put({ ...before, properties }, parent);
      return keyOf(before.id);
    });
    const work = { kind: 'delete-resource-group', group };
    const operation = await longRunning.start('resourcegroups', 'Deleting', work, () =>
      removeGroup(context, group),
    );
    return answerAccepted(request, reply, { subscription: settings.subscriptionId }, operation);
  });
}

function hasTag(
  { tags = {} }: Resource<ResourceGroupProperties>,
  name: string | undefined,
  value: string | undefined,
): boolean {
  return Object.entries(tags).some(
    ([tag, is]) =>
      (name === undefined || tag.toLowerCase() === name.toLowerCase()) &&
      (value === undefined || is.toLowerCase() === value.toLowerCase()),
  );
}
