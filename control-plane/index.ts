// The cloud: ARM, sign-in and the cloud registries. This is the composition root: everything that the control plane
// is made of is built here, in the order in which it depends on each other, and let go of in the opposite order.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import type { Logger } from 'pino';
import { type Clock, systemClock } from '../registry-node/clock.ts';
import { Closers } from '../registry-node/closers.ts';
import { openSqlite } from '../registry-node/database/open.ts';
import { createFailedAttempts } from '../registry-node/auth/failed-attempts.ts';
import { controlRoutes } from '../registry-node/control/routes.ts';
import { listenForControl } from '../registry-node/control/listen.ts';
import { controlSocketOf } from '../registry-node/control/schema.ts';
import { listen } from '../registry-node/http/listener.ts';
import type { Metrics } from '../registry-node/metrics/open.ts';
import { createBodyReader } from './arm/body.ts';
import { createLongRunning } from './arm/long-running.ts';
import { createArmApplication } from './arm-application.ts';
import { openCertificates } from './certificates/open.ts';
import { adminPasswords as deriveAdminPasswords } from './cloud-registry/admin-passwords.ts';
import { domainHosts, localHosts } from './cloud-registry/hosts.ts';
import { createImports } from './cloud-registry/import/queue.ts';
import { createCloudRegistries } from './cloud-registry/registries.ts';
import { findUpkeep } from './cloud-registry/upkeep.ts';
import { createTransport } from './cloud-registry/webhooks/transport.ts';
import type { ControlPlaneConfig } from './config.ts';
import { openDataFolder } from './data-folder.ts';
import { trimFeeds } from './feed-trimming.ts';
import { domainHandler, endpointOf, namesOf } from './front-door.ts';
import { openLocalDoor } from './local-door.ts';
import { createAccessTokens } from './identity/access-token.ts';
import { openOwner, writeCredentialFile } from './identity/credential-file.ts';
import { giveOwnership } from './identity/ownership.ts';
import { createRoles } from './identity/roles.ts';
import { openServicePrincipals } from './identity/service-principals.ts';
import { openRandomSecret, openSigningKey } from './identity/signing-key.ts';
import { resumeOperations } from './resume.ts';
import { openOperations } from './store/operations.ts';
import { openReports } from './store/reports.ts';
import { openResources } from './store/resources.ts';
import { openSettings } from './store/settings.ts';
import { migrations, type Tables } from './store/tables.ts';
import { openWebhookEvents } from './store/webhook-events.ts';

export interface RunningControlPlane {
  /** e.g. `https://localhost:4430` */
  readonly endpoint: string;
  /** Where it listens for ARM and sign-in, and with a domain for everything. */
  readonly port: number;
  /** Stops accepting, ends running requests, and keeps what was begun for the next start. */
  close(): Promise<void>;
}

export interface ControlPlaneEnvironment {
  logger: Logger;
  clock?: Clock;
}

/** How long running requests may take to end when the control plane stops. */
const graceMs = 5000;

/** @throws DataFolderError, NewerDatabaseError, PortTakenError; each says what to do */
export function startControlPlane(
  config: ControlPlaneConfig,
  environment: ControlPlaneEnvironment,
): Promise<RunningControlPlane> {
  return Closers.opening(async (closers) => {
    const { endpoint, port } = await compose(config, environment, (closer) => closers.add(closer));
    return { endpoint, port, close: () => closers.close() };
  });
}

async function compose(
  config: ControlPlaneConfig,
  { logger, clock = systemClock }: ControlPlaneEnvironment,
  onClose: (closer: () => unknown) => void,
): Promise<{ endpoint: string; port: number }> {
  const folder = await openDataFolder(config.dataFolder);
  onClose(() => folder.close());
  const database = await openSqlite<Tables>(folder.database, migrations, { reserve: true });
  onClose(() => database.destroy());

  const settings = await openSettings(database, randomUUID);
  const resources = openResources(database);
  const reports = await openReports({ database, clock, logger });
  onClose(() => reports.close());
  const webhookEvents = openWebhookEvents(database);
  const operations = openOperations(database);
  const servicePrincipals = openServicePrincipals(database, clock);
  const roles = createRoles(resources);
  const key = await openSigningKey(folder.key('access-tokens.pem'));
  const accessTokens = createAccessTokens({ key, tenantId: settings.tenantId, clock });
  const adminPasswords = deriveAdminPasswords(await openRandomSecret(folder.key('admin-passwords')));

  const failedAttempts = createFailedAttempts(clock);

  const certificates = await openCertificates(folder.certificates, clock);
  const { authorityFile } = certificates;
  const certificateAuthority = await readFile(authorityFile, 'utf8');
  const proxy = config.outgoingProxy;
  const webhookTransport = createTransport({ certificateAuthority, proxy, clock });
  onClose(() => webhookTransport.close());
  const hosts = config.domain
    ? domainHosts(config.domain)
    : localHosts(config.host, config.registryPortFirst);
  const metrics = config.metrics && (await openMetrics(logger));
  const watch = (handler: RequestListener): RequestListener => metrics?.watch(handler) ?? handler;
  const regions = new Set<string>();
  const tls = await certificates.tls(() => namesOf(config, regions));
  const registries = createCloudRegistries({
    folder: folder.registries,
    host: config.host,
    tls,
    regions,
    watch,
    dependencies: {
      resources,
      reports,
      webhookEvents,
      webhookTransport,
      hosts,
      servicePrincipals,
      roles,
      accessTokens,
      adminPasswords,
      failedAttempts,
      trustedProxies: config.trustedProxies,
      clock,
      logger,
    },
  });
  const stopping = new AbortController();
  const stop = stopping.signal;
  const longRunning = createLongRunning({ operations, clock, logger, delayMs: config.operationDelayMs });
  const readBody = createBodyReader({ loose: config.loose ?? false });
  const imports = createImports({ registries, authorityFile, proxy, clock, stop });
  const app = createArmApplication({
    context: { resources, reports, webhookEvents, longRunning, registries, hosts, settings, clock, readBody },
    imports,
    adminPasswords,
    accessTokens,
    servicePrincipals,
    roles,
    failedAttempts,
    key,
    acrSuffix: config.domain ? `.${config.domain}` : '.localhost',
    trustedProxies: config.trustedProxies,
    logger,
  });
  await app.ready();
  onClose(() => app.close());

  onClose(() => registries.close(graceMs));
  await registries.openAll();
  await resumeOperations({ operations, longRunning, resources, registries, imports });
  const trimming = trimFeeds({ resources, registries, clock, logger, stop });
  const stopWork = async (): Promise<void> => {
    stopping.abort();
    await Promise.all([trimming, longRunning.settled()]);
  };
  onClose(stopWork);
  const closeControl = await listenForControl({
    path: controlSocketOf(config.dataFolder),
    logger,
    routes: (control) =>
      controlRoutes(control, { prefix: '/registries/:registry', find: findUpkeep(registries) }),
  });
  onClose(closeControl);

  const arm = (request: Parameters<typeof app.routing>[0], response: Parameters<typeof app.routing>[1]) =>
    app.routing(request, response);
  const handler = watch(config.domain ? domainHandler(config.domain, arm, registries) : arm);
  const listener = await listen({ host: config.host, port: config.port, tls, handler });
  onClose(async () => {
    await stopWork();
    // Together, because with a domain the rounds that wait in registries keep this listener's connections.
    await Promise.all([listener.close(graceMs), registries.close(graceMs)]);
  });

  if (metrics && config.metrics) {
    const { controlPlaneMetrics } = await import('./metrics.ts');
    const watched = { resources, reports, registries, webhookEvents, clock };
    const served = await metrics.listen(config.metrics, () => controlPlaneMetrics(watched));
    onClose(() => served.close());
  }
  const endpoint = endpointOf(config, listener.port);
  const door = await openLocalDoor({ dataFolder: config.dataFolder, endpoint, handler: watch(arm), logger });
  onClose(() => door.close(graceMs));
  const owner = await openOwner(config.credentialFile, servicePrincipals, settings.ownerClientId);
  await giveOwnership(resources, owner.principal, settings, clock);
  await writeCredentialFile(config.credentialFile, owner, {
    endpoint,
    tenantId: settings.tenantId,
    subscriptionId: settings.subscriptionId,
    certificateAuthorityFile: authorityFile,
    socketPath: door.path,
  });
  return { endpoint, port: listener.port };
}

async function openMetrics(logger: Logger): Promise<Metrics> {
  const { openMetrics: open } = await import('../registry-node/metrics/open.ts');
  return open('control-plane', logger);
}

export { exportControlPlane } from './archive/export.ts';
export { importControlPlane } from './archive/import.ts';
export { resetControlPlane } from './archive/reset.ts';
