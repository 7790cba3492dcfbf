// Registries over HTTP, and their lists.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { apiVersionOf } from '../../arm/api-version.ts';
import type { Envelope } from '../../arm/envelope.ts';
import { answerStarted } from '../../arm/operation-answers.ts';
import { pageOf, toPage } from '../../arm/paging.ts';
import { keyOf, provider, registryId, resourceGroupId } from '../../arm/resource-id.ts';
import {
  type RegistryParams,
  type ResourceGroupParams,
  routePaths,
  type SubscriptionParams,
} from '../../arm/route-paths.ts';
import { callerOf } from '../../arm/authorization.ts';
import {
  type ResourceContext,
  requireRegistry,
  requireResourceGroup,
  requireSubscription,
} from '../context.ts';
import { isRegistryName, registryNameRule } from './rules.ts';
import { heldBy, saveRegistry } from './save.ts';
import {
  checkNameSchema,
  registryKind,
  registryPatchSchema,
  registryPutSchema,
  registryVersions,
} from './schema.ts';
import { settingsOf } from './settings.ts';
import { toUsages } from './tiers.ts';
import { toRegistry } from './wire.ts';

interface Route {
  Params: RegistryParams;
}

export function registryRoutes(app: FastifyInstance, context: ResourceContext): void {
  const { resources, hosts, settings, longRunning, registries, readBody } = context;
  const show = (request: FastifyRequest, registry: Parameters<typeof toRegistry>[0]): Envelope =>
    toRegistry(registry, hosts, apiVersionOf(request));

  app.put<Route>(routePaths.registry, async (request, reply) => {
    const body = readBody(request, registryPutSchema, registryVersions);
    const { registry, created } = await saveRegistry(context, {
      params: request.params,
      body,
      location: body.location,
      caller: callerOf(request),
    });
    if (!created) return show(request, registry);
    const key = keyOf(registry.id);
    const operation = await longRunning.start(
      'registries',
      'Creating',
      { kind: 'create-registry', registry: key },
      () => registries.create(key),
    );
    return answerStarted(request, reply, registry.id, operation).send(show(request, registry));
  });

  app.patch<Route>(routePaths.registry, async (request) => {
    await requireRegistry(context, resources, request.params);
    const body = readBody(request, registryPatchSchema, registryVersions);
    const save = { params: request.params, body, caller: callerOf(request) };
    return show(request, (await saveRegistry(context, save)).registry);
  });

  app.get<Route>(routePaths.registry, { exposeHeadRoute: false }, async (request) =>
    show(request, await requireRegistry(context, resources, request.params)),
  );
  // Does it exist?
  app.head<Route>(routePaths.registry, async (request, reply) => {
    await requireRegistry(context, resources, request.params);
    return reply.code(204).send();
  });

  app.delete<Route>(routePaths.registry, async (request, reply) => {
    const { params } = request;
    const subscription = requireSubscription(settings, params);
    const key = keyOf(registryId(resourceGroupId(subscription, params.resourceGroup), params.registry));
    const existed = await registries.remove(key);
    return reply.code(existed ? 200 : 204).send();
  });

  app.get<{ Params: ResourceGroupParams }>(routePaths.registries, async (request) => {
    const group = await requireResourceGroup(context, resources, request.params);
    const entries = await resources.list(registryKind, keyOf(group.id), pageOf(request));
    return toPage(request, entries, (entry) => show(request, entry));
  });

  app.get<{ Params: SubscriptionParams }>(
    `${routePaths.providerInSubscription}/registries`,
    async (request) => {
      requireSubscription(settings, request.params);
      const entries = await resources.all(registryKind, pageOf(request));
      return toPage(request, entries, (entry) => show(request, entry));
    },
  );

  app.get<Route>(`${routePaths.registry}/listUsages`, async (request) => {
    const registry = await requireRegistry(context, resources, request.params);
    const key = keyOf(registry.id);
    return toUsages(registry.sku!, {
      ...(await heldBy(resources, key)),
      bytes: await (await registries.get(key)).content.storedBytes(),
      ipRules: settingsOf(registry.properties).networkRuleSet.ipRules.length,
    });
  });

  app.post<{ Params: SubscriptionParams }>(
    `${routePaths.providerInSubscription}/checkNameAvailability`,
    { config: { action: `${provider}/checkNameAvailability/read` } },
    async (request) => {
      requireSubscription(settings, request.params);
      const { name } = readBody(request, checkNameSchema);
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
