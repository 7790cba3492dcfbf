// One cloud registry: content behind the registry API, guarded by a directory that ARM resources make, with the
// gateway that connected registries call. The same parts make a node; only the directory differs.
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { registryApi } from '../../registry-node/api/routes.ts';
import { createGate } from '../../registry-node/auth/create-gate.ts';
import type { FailedAttempts } from '../../registry-node/auth/failed-attempts.ts';
import { tokenRoutes } from '../../registry-node/auth/routes.ts';
import { createSignIns } from '../../registry-node/auth/sign-ins.ts';
import { openTokenAuthority } from '../../registry-node/auth/token.ts';
import type { Clock } from '../../registry-node/clock.ts';
import { Closers } from '../../registry-node/closers.ts';
import type { Content } from '../../registry-node/content/content.ts';
import { obeyLocks } from '../../registry-node/content/locks.ts';
import { openContent } from '../../registry-node/content/open.ts';
import { gatewayRoutes } from '../../registry-node/gateway/server.ts';
import { recallAnswers } from '../../registry-node/http/recall.ts';
import { createServer } from '../../registry-node/http/server.ts';
import { startUpkeep, type Upkeep } from '../../registry-node/upkeep/upkeep.ts';
import { keyOf } from '../arm/resource-id.ts';
import type { AccessTokens } from '../identity/access-token.ts';
import type { Roles } from '../identity/roles.ts';
import type { ServicePrincipals } from '../identity/service-principals.ts';
import { garbageCollectionDefault } from '../resources/connected-registries/schema.ts';
import type { RegistryProperties } from '../resources/registries/schema.ts';
import type { Reports } from '../store/reports.ts';
import type { Resource } from '../store/resource.ts';
import type { Resources } from '../store/resources.ts';
import type { WebhookEvents } from '../store/webhook-events.ts';
import type { AdminPasswords } from './admin-passwords.ts';
import { type Background, createBackground } from './background.ts';
import { type CloudChildren, createCloudChildren } from './children.ts';
import { createCloudDirectory } from './directory.ts';
import { exchangeRoute } from './exchange.ts';
import { createFirewall, guardByFirewall } from './firewall.ts';
import type { Hosts } from './hosts.ts';
import { metadataRoutes } from './metadata/routes.ts';
import { openWebhooks, type Webhooks } from './webhooks/open.ts';
import type { Transport } from './webhooks/transport.ts';

export interface CloudRegistryDependencies {
  resources: Resources;
  reports: Reports;
  webhookEvents: WebhookEvents;
  webhookTransport: Transport;
  hosts: Hosts;
  servicePrincipals: ServicePrincipals;
  roles: Roles;
  accessTokens: AccessTokens;
  adminPasswords: AdminPasswords;
  failedAttempts: FailedAttempts;
  trustedProxies: readonly string[] | undefined;
  clock: Clock;
  logger: FastifyBaseLogger;
}

export interface CloudRegistry {
  readonly content: Content;
  readonly children: CloudChildren;
  readonly upkeep: Upkeep;
  readonly webhooks: Webhooks;
  /** What goes on in it behind everybody's back. */
  readonly background: Background;
  /** Serves its login server and gateway. */
  readonly handler: RequestListener;
  /** Ends waiting rounds, then lets go of everything. */
  close(): Promise<void>;
}

/** @param folder keeps the registry's content and token key; made when missing */
export function openCloudRegistry(
  registry: Resource<RegistryProperties>,
  folder: string,
  dependencies: CloudRegistryDependencies,
): Promise<CloudRegistry> {
  return Closers.opening((closers) => compose(registry, folder, dependencies, closers));
}

async function compose(
  registry: Resource<RegistryProperties>,
  folder: string,
  dependencies: CloudRegistryDependencies,
  closers: Closers,
): Promise<CloudRegistry> {
  const { resources, reports, clock, logger } = dependencies;
  const registryKey = keyOf(registry.id);
  const content = await openContent({ folder: join(folder, 'content'), clock });
  closers.add(() => content.close());
  const upkeep = startUpkeep({ content, collectionSchedule: () => garbageCollectionDefault, clock, logger });
  closers.add(() => upkeep.close());
  const authority = await openTokenAuthority({ folder: join(folder, 'tokens'), clock });
  const directory = createCloudDirectory({ ...dependencies, registryKey });
  closers.add(() => directory.close());
  const children = createCloudChildren({ registryKey, resources, reports, clock });
  closers.add(() => children.close());
  const signIns = createSignIns({ directory, authority, failed: dependencies.failedAttempts });
  const gate = createGate({ directory, authority, signIns, tokenPath: '/oauth2/token' });

  const webhooks = openWebhooks({
    ...dependencies,
    registryKey,
    feed: content.feed,
    registryId: registry.id,
    host: dependencies.hosts.loginServer(registry),
    events: dependencies.webhookEvents,
    transport: dependencies.webhookTransport,
  });
  closers.add(() => webhooks.close());

  const app = createServer({ logger, trustedProxies: dependencies.trustedProxies });
  const firewall = createFirewall(resources, registryKey);
  closers.add(() => firewall.close());
  guardByFirewall(app, firewall);
  registryApi(app, { content: obeyLocks(content), gate });
  tokenRoutes(app, { directory, authority, signIns, paths: ['/oauth2/token', '/acr/oauth2/token'] });
  exchangeRoute(app, { ...dependencies, registryKey, directory, authority, signIns });
  metadataRoutes(app, { content, gate });
  gatewayRoutes(app, {
    children,
    content,
    gate,
    clock,
    notified: (notifications) => webhooks.notify(notifications),
  });
  const recalled = recallAnswers(app, { clock, changes: () => content.changes() + directory.changes() });
  // What one address was answered is no answer to another that may not ask.
  const handler: RequestListener = (request, response) =>
    firewall.isOpen() ? recalled(request, response) : app.routing(request, response);
  await app.ready();
  const background = createBackground();
  closers.add(() => Promise.all([app.close(), background.end()]));
  return {
    content,
    children,
    upkeep,
    webhooks,
    background,
    handler,
    close: () => closers.close(),
  };
}
