// Registries over HTTP, and their lists.
import type { FastifyInstance } from 'fastify';
import { answerStarted } from '../../arm/operation-answers.ts';
import { pageOf, toPage } from '../../arm/paging.ts';
import { keyOf, registryId, resourceGroupId } from '../../arm/resource-id.ts';
import {
  type RegistryParams,
  type ResourceGroupParams,
  routePaths,
  type SubscriptionParams,
} from '../../arm/route-paths.ts';
import { callerOf } from '../../arm/server.ts';
import {
  type ResourceContext,
  requireRegistry,
  requireResourceGroup,
  requireSubscription,
} from '../context.ts';
import { scopeMapKind } from '../scope-maps/schema.ts';
import { tokenKind } from '../tokens/schema.ts';
import { isRegistryName, registryNameRule } from './rules.ts';
import { saveRegistry } from './save.ts';
import {
  checkNameSchema,
  registryKind,
  registryPatchSchema,
  registryPutSchema,
  toRegistry,
} from './schema.ts';
import { toUsages } from './tiers.ts';

interface Route {
  Params: RegistryParams;
}

export function registryRoutes(app: FastifyInstance, context: ResourceContext): void {
  const { resources, hosts, settings, longRunning, registries } = context;
  const show = (registry: Parameters<typeof toRegistry>[0]) => toRegistry(registry, hosts);

  app.put<Route>(routePaths.registry, async (request, reply) => {
    const body = registryPutSchema.parse(request.body);
    const { registry, created } = await saveRegistry(context, {
      params: request.params,
      body,
      location: body.location,
      caller: callerOf(request),
    });
    if (!created) return show(registry);
    const key = keyOf(registry.id);
    const operation = await longRunning.start(
      'registries',
      'Creating',
      { kind: 'create-registry', registry: key },
      () => registries.create(key),
    );
    return answerStarted(request, reply, registry.id, operation).send(show(registry));
  });

  app.patch<Route>(routePaths.registry, async (request) => {
    await requireRegistry(context, resources, request.params);
    const body = registryPatchSchema.parse(request.body ?? {});
    const save = { params: request.params, body, caller: callerOf(request) };
    return show((await saveRegistry(context, save)).registry);
  });

  app.get<Route>(routePaths.registry, async (request) =>
    show(await requireRegistry(context, resources, request.params)),
  );

  app.delete<Route>(routePaths.registry, async (request, reply) => {
    const { params } = request;
    const subscription = requireSubscription(settings, params);
    const key = keyOf(registryId(resourceGroupId(subscription, params.resourceGroup), params.registry));
    const existed = await registries.remove(key);
    return reply.code(existed ? 200 : 204).send();
  });

  app.get<{ Params: ResourceGroupParams }>(routePaths.registries, async (request) => {
    const group = await requireResourceGroup(context, resources, request.params);
    return toPage(request, await resources.list(registryKind, keyOf(group.id), pageOf(request)), show);
  });

  app.get<{ Params: SubscriptionParams }>(
    `${routePaths.providerInSubscription}/registries`,
    async (request) => {
      requireSubscription(settings, request.params);
      return { value: (await resources.all(registryKind)).map(show) };
    },
  );

  app.get<Route>(`${routePaths.registry}/listUsages`, async (request) => {
    const registry = await requireRegistry(context, resources, request.params);
    const key = keyOf(registry.id);
    return toUsages(registry.sku!, {
      bytes: await (await registries.get(key)).content.storedBytes(),
      scopeMaps: await resources.count(scopeMapKind, key),
      tokens: await resources.count(tokenKind, key),
    });
  });

  app.post<{ Params: SubscriptionParams }>(
    `${routePaths.providerInSubscription}/checkNameAvailability`,
    async (request) => {
      requireSubscription(settings, request.params);
      const { name } = checkNameSchema.parse(request.body);
      if (!isRegistryName(name)) {
        return {
          nameAvailable: false,
          reason: 'Invalid',
          message: `The registry name ${name} is invalid. ${registryNameRule}`,
        };
      }
      if (!(await resources.named(registryKind, name))) return { nameAvailable: true };
      return {
        nameAvailable: false,
        reason: 'AlreadyExists',
        message: `The registry ${name} is already in use.`,
      };
    },
  );
}
