// A connected registry as the wire shows it: its configuration, and what was last heard of its node.
import { type Envelope, toEnvelope } from '../../arm/envelope.ts';
import { zuluTime } from '../../arm/instant.ts';
import { keyOf } from '../../arm/resource-id.ts';
import { pathsUnknownTo, without } from '../../arm/versioned.ts';
import type { Hosts } from '../../cloud-registry/hosts.ts';
import type { Report, Reports } from '../../store/reports.ts';
import type { Resource } from '../../store/resource.ts';
import type { RegistryProperties } from '../registries/schema.ts';
import { type ConnectedRegistryProperties, connectedRegistryVersions } from './schema.ts';
import { connectionState, isActive } from './state.ts';
import { toStatusDetails } from './status-details.ts';
import { toSyncResult } from './sync-result.ts';

export interface WireContext {
  registry: Resource<RegistryProperties>;
  /** Of this connected registry and of its parent, when they were heard of. */
  reports: Awaited<ReturnType<Reports['list']>>;
  hosts: Hosts;
  now: Date;
  /** The client's api-version: older clients fail on what they do not know. */
  version: string;
}

export function toConnectedRegistry(
  connected: Resource<ConnectedRegistryProperties>,
  context: WireContext,
): Envelope {
  const { properties } = connected;
  const report = context.reports.get(keyOf(connected.id));
  const status = report?.status;
  const whole = toEnvelope(connected, {
    provisioningState: 'Succeeded',
    mode: properties.mode,
    version: status?.version,
    connectionState: connectionState(properties, report, context.now),
    lastActivityTime: report?.heardAt && zuluTime(report.heardAt),
    activation: { status: isActive(properties, report) ? 'Active' : 'Inactive' },
    parent: { id: properties.parentId, syncProperties: syncProperties(properties, report, context) },
    clientTokenIds: someOf(properties.clientTokenIds),
    loginServer: {
      host: status?.loginServer.host,
      tls: { status: status?.loginServer.tls, certificate: {} },
    },
    logging: properties.logging,
    statusDetails: someOf(toStatusDetails(status, context.version)),
    notificationsList: someOf(properties.notificationsList),
    garbageCollection: properties.garbageCollection,
    syncFilter: properties.syncFilter,
    registrySyncResult: toSyncResult(properties, report, context.now),
  });
  return without(whole, pathsUnknownTo(context.version, connectedRegistryVersions));
}

function syncProperties(
  { parentId, tokenId, schedule, syncWindow, messageTtl }: ConnectedRegistryProperties,
  report: Report | undefined,
  { registry, reports, hosts }: WireContext,
): object {
  const lastSyncTime = report?.status?.lastSyncTime;
  const parentHost = parentId && reports.get(keyOf(parentId))?.status?.loginServer.host;
  return {
    tokenId,
    authType: 'SyncToken',
    schedule,
    syncWindow,
    messageTtl,
    lastSyncTime: lastSyncTime && zuluTime(lastSyncTime),
    // A nested one learns it when its parent has told where it listens.
    gatewayEndpoint: parentId ? parentHost : hosts.gatewayEndpoint(registry),
  };
}

/** Empty lists are left out, as recorded. */
function someOf<Entry>(list: Entry[]): Entry[] | undefined {
  return list.length === 0 ? undefined : list;
}
