// What the control plane knows, in numbers: its registries and their webhooks, and each connected registry as its node last
// told of it, so that a fleet is watched at one address.
import { contentMetrics } from '../registry-node/metrics/content.ts';
import { gauge, type Metric, type Sample } from '../registry-node/metrics/metric.ts';
import type { Clock } from '../registry-node/clock.ts';
import type { Content } from '../registry-node/content/content.ts';
import { keyOf } from './arm/resource-id.ts';
import type { CloudRegistries } from './cloud-registry/registries.ts';
import { connectedRegistryKind } from './resources/connected-registries/schema.ts';
import { connectionState, hasTrouble } from './resources/connected-registries/state.ts';
import { registryKind, type RegistryProperties } from './resources/registries/schema.ts';
import { webhookKind } from './resources/webhooks/schema.ts';
import type { Reports } from './store/reports.ts';
import type { Resource } from './store/resource.ts';
import type { Resources } from './store/resources.ts';
import type { WebhookEvents } from './store/webhook-events.ts';

export interface Watched {
  resources: Resources;
  reports: Reports;
  registries: CloudRegistries;
  webhookEvents: WebhookEvents;
  clock: Clock;
}

interface Open {
  resource: Resource<RegistryProperties>;
  content: Content;
}

export async function controlPlaneMetrics(watched: Watched): Promise<Metric[]> {
  const open = await openRegistries(watched);
  const sites = (await Promise.all(open.map((one) => sitesOf(watched, one)))).flat();
  const each = (valueOf: (site: Site) => number | undefined): Sample[] =>
    sites.flatMap((site) => {
      const value = valueOf(site);
      return value === undefined ? [] : [{ labels: site.labels, value }];
    });
  return [
    ...(await contentMetrics(
      open.map(({ resource, content }) => [{ registry: resource.name }, content] as const),
    )),
    gauge(
      'acrc_connected_registry_state',
      '1 for the state that it is in: Online, Offline, Syncing or Unhealthy.',
      ...sites.map(({ labels, state }) => ({ labels: { ...labels, state }, value: 1 })),
    ),
    gauge(
      'acrc_connected_registry_trouble',
      '1: its node told of something that is wrong.',
      ...each(({ trouble }) => trouble),
    ),
    gauge(
      'acrc_connected_registry_last_activity_timestamp_seconds',
      'When its node was last heard of.',
      ...each(({ heardAt }) => heardAt),
    ),
    gauge(
      'acrc_connected_registry_last_sync_timestamp_seconds',
      'End of its last round that left nothing to do.',
      ...each(({ syncedAt }) => syncedAt),
    ),
    gauge(
      'acrc_connected_registry_feed_lag',
      "Rows of the registry's feed that its node has not read.",
      ...each(({ lag }) => lag),
    ),
    gauge(
      'acrc_connected_registry_outstanding_bytes',
      'Bytes that its node knows to need.',
      ...each(({ outstandingBytes }) => outstandingBytes),
    ),
    gauge(
      'acrc_connected_registry_disk_free_bytes',
      'What its disk has left.',
      ...each(({ freeBytes }) => freeBytes),
    ),
    gauge(
      'acrc_webhook_waiting_events',
      'Events that wait to be sent.',
      ...(await Promise.all(open.map((one) => waitingIn(watched, one)))).flat(),
    ),
  ];
}

/** Those that are being made or removed are not counted. */
async function openRegistries({ resources, registries }: Watched): Promise<Open[]> {
  const all = (await resources.all(registryKind)).filter(
    ({ properties }) => properties.provisioningState === 'Succeeded',
  );
  const opened = await Promise.all(
    all.map(async (resource) => {
      const registry = await registries.get(keyOf(resource.id)).catch(() => undefined);
      return registry && { resource, content: registry.content };
    }),
  );
  return opened.filter((one) => one !== undefined);
}

interface Site {
  labels: Readonly<Record<string, string>>;
  state: string;
  trouble: number | undefined;
  heardAt: number | undefined;
  syncedAt: number | undefined;
  lag: number | undefined;
  outstandingBytes: number | undefined;
  freeBytes: number | undefined;
}

async function sitesOf({ resources, reports, clock }: Watched, { resource, content }: Open): Promise<Site[]> {
  const key = keyOf(resource.id);
  const told = await reports.list(key);
  return (await resources.list(connectedRegistryKind, key)).map(({ id, name, properties }) => {
    const report = told.get(keyOf(id));
    const status = report?.status;
    const applied = status?.applied;
    return {
      labels: { registry: resource.name, connected_registry: name },
      state: connectionState(properties, report, clock.now()),
      trouble: status && Number(hasTrouble(status)),
      heardAt: report?.heardAt && report.heardAt.getTime() / 1000,
      syncedAt: status?.lastSyncTime === undefined ? undefined : Date.parse(status.lastSyncTime) / 1000,
      lag:
        applied?.feedId === content.feed.id ? Math.max(content.feed.head() - applied.cursor, 0) : undefined,
      outstandingBytes: status?.outstandingBytes,
      freeBytes: status?.freeBytes,
    };
  });
}

async function waitingIn({ resources, webhookEvents }: Watched, { resource }: Open): Promise<Sample[]> {
  const webhooks = await resources.list(webhookKind, keyOf(resource.id));
  const waiting = await webhookEvents.waiting(webhooks.map(({ id }) => keyOf(id)));
  return webhooks.map(({ id, name }) => ({
    labels: { registry: resource.name, webhook: name },
    value: waiting.get(keyOf(id)) ?? 0,
  }));
}
