// Webhooks over HTTP. A change of what a webhook is told of takes effect for what happens from then on, one of its address
// for what is sent from then on.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf } from '../../arm/authorization.ts';
import { childNotFound } from '../../arm/errors.ts';
import { pageOf, toPage } from '../../arm/paging.ts';
import { childId, keyOf } from '../../arm/resource-id.ts';
import { type ChildParams, type RegistryParams, routePaths } from '../../arm/route-paths.ts';
import { savedBy } from '../../arm/system-data.ts';
import { changeRules } from '../../cloud-registry/webhooks/rules.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceReader } from '../../store/resources.ts';
import { type ResourceContext, requireRegistry } from '../context.ts';
import { checkQuota } from '../registries/quota.ts';
import { checkWebhookLocation, checkWebhookName, mergeWebhook } from './rules.ts';
import {
  toWebhook,
  webhookKind,
  webhookPatchSchema,
  type WebhookProperties,
  webhookPutSchema,
} from './schema.ts';

interface Route {
  Params: ChildParams;
}
const list = `${routePaths.registry}/webhooks`;
export const webhookPath = `${list}/:name`;

export function webhookRoutes(app: FastifyInstance, context: ResourceContext): void {
  const { resources, registries, clock, readBody } = context;

  app.put<Route>(webhookPath, async (request) => {
    const { location, tags, properties: input } = readBody(request, webhookPutSchema);
    const { name } = request.params;
    checkWebhookName(name);
    const { id: registryId } = await requireRegistry(context, resources, request.params);
    const { webhooks } = await registries.get(keyOf(registryId));
    const read = await webhooks.readTo(keyOf(childId(registryId, webhookKind.type, name)));
    const webhook = await resources.change(async (change) => {
      const registry = await requireRegistry(context, change, request.params);
      const id = childId(registry.id, webhookKind.type, name);
      const before = await change.get(webhookKind, keyOf(id));
      if (!before) await checkQuota(change, registry, webhookKind, 'webhooks');
      const saved = {
        id: before?.id ?? id,
        type: webhookKind.type,
        name: before?.name ?? name,
        location: await checkWebhookLocation(change, registry, location),
        tags: tags ?? before?.tags ?? {},
        systemData: savedBy(callerOf(request), clock.now(), before?.systemData),
        properties: changeRules(before, mergeWebhook(undefined, input), { head: webhooks.head(), read }),
      };
      await change.put(saved, keyOf(registry.id));
      return saved;
    });
    await webhooks.begin(keyOf(webhook.id));
    return toWebhook(webhook);
  });

  app.patch<Route>(webhookPath, async (request) => {
    const { tags, properties: input } = readBody(request, webhookPatchSchema);
    const found = await requireWebhook(context, resources, request);
    const { webhooks } = await registries.get(keyOf(found.registry.id));
    const read = await webhooks.readTo(keyOf(found.webhook.id));
    return resources.change(async (change) => {
      const { registry, webhook: before } = await requireWebhook(context, change, request);
      const properties = mergeWebhook(before.properties, input ?? {});
      const webhook = {
        ...before,
        tags: tags ?? before.tags,
        systemData: savedBy(callerOf(request), clock.now(), before.systemData),
        properties: changeRules(before, properties, { head: webhooks.head(), read }),
      };
      await change.put(webhook, keyOf(registry.id));
      return toWebhook(webhook);
    });
  });

  app.get<Route>(webhookPath, async (request) =>
    toWebhook((await requireWebhook(context, resources, request)).webhook),
  );

  app.get<{ Params: RegistryParams }>(list, async (request) => {
    const registry = await requireRegistry(context, resources, request.params);
    return toPage(request, await resources.list(webhookKind, keyOf(registry.id), pageOf(request)), toWebhook);
  });

  app.delete<Route>(webhookPath, async (request, reply) => {
    const gone = await resources.change(async (change) => {
      const registry = await requireRegistry(context, change, request.params);
      return change.remove(keyOf(childId(registry.id, webhookKind.type, request.params.name)));
    });
    return reply.code(gone.length > 0 ? 200 : 204).send();
  });
}

/** @throws ArmError ResourceNotFound, and as requireRegistry */
export async function requireWebhook(
  context: ResourceContext,
  reader: ResourceReader,
  { params }: FastifyRequest<Route>,
): Promise<{
  registry: Awaited<ReturnType<typeof requireRegistry>>;
  webhook: Resource<WebhookProperties>;
}> {
  const registry = await requireRegistry(context, reader, params);
  const webhook = await reader.get(webhookKind, keyOf(childId(registry.id, webhookKind.type, params.name)));
  if (!webhook) throw childNotFound(params.name);
  return { registry, webhook };
}
