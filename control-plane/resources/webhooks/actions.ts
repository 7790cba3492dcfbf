// What can be done with a webhook: try it, see what it was told, and read its secrets.
import type { FastifyInstance } from 'fastify';
import { keyOf } from '../../arm/resource-id.ts';
import type { ChildParams } from '../../arm/route-paths.ts';
import type { ResourceContext } from '../context.ts';
import { requireWebhook, webhookPath } from './routes.ts';
import { toCallbackConfig, toEvent } from './schema.ts';

interface Route {
  Params: ChildParams;
}

export function webhookActionRoutes(app: FastifyInstance, context: ResourceContext): void {
  const { resources, registries, webhookEvents } = context;

  app.post<Route>(`${webhookPath}/ping`, async (request) => {
    const { registry, webhook } = await requireWebhook(context, resources, request);
    const { webhooks } = await registries.get(keyOf(registry.id));
    return { id: await webhooks.ping(webhook) };
  });

  app.post<Route>(`${webhookPath}/listEvents`, async (request) => {
    const { webhook } = await requireWebhook(context, resources, request);
    return { value: (await webhookEvents.list(keyOf(webhook.id))).map(toEvent) };
  });

  app.post<Route>(`${webhookPath}/getCallbackConfig`, async (request) => {
    const { webhook } = await requireWebhook(context, resources, request);
    return toCallbackConfig(webhook.properties);
  });
}
