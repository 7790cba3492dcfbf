// The configuration document that a connected registry receives: everything its node must know to serve, and to sign
// its clients and children in, while the cloud is out of reach. Passwords travel as verifiers only.
import { createHash } from 'node:crypto';
import type { NodeConfiguration, TokenDocument } from '../../registry-node/gateway/protocol.ts';
import { keyOf, type ResourceKey } from '../arm/resource-id.ts';
import {
  connectedRegistryKind,
  type ConnectedRegistryProperties,
} from '../resources/connected-registries/schema.ts';
import { registryKind, type RegistryProperties } from '../resources/registries/schema.ts';
import { findScopeMap } from '../resources/scope-maps/system.ts';
import { tokenKind } from '../resources/tokens/schema.ts';
import type { Resource } from '../store/resource.ts';
import type { ResourceReader } from '../store/resources.ts';

type Connected = Resource<ConnectedRegistryProperties>;

/** Of every connected registry directly below the cloud, by lower-cased name. */
export async function buildConfigurations(
  reader: ResourceReader,
  registryKey: ResourceKey,
): Promise<Map<string, NodeConfiguration>> {
  const registry = await reader.get(registryKind, registryKey);
  if (!registry) return new Map();
  const all = await reader.list(connectedRegistryKind, registryKey);
  const top = all.filter(({ properties }) => properties.parentId === undefined);
  const built = await Promise.all(top.map((connected) => build(reader, registry, all, connected)));
  return new Map(built.map((configuration) => [configuration.name.toLowerCase(), configuration]));
}

async function build(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  all: Connected[],
  connected: Connected,
): Promise<NodeConfiguration> {
  const { properties } = connected;
  const children = all.filter(({ properties: child }) => keyOf(child.parentId ?? '') === keyOf(connected.id));
  const clients = await Promise.all(
    properties.clientTokenIds.map((id) => tokenDocument(reader, registry, id)),
  );
  return {
    name: connected.name,
    mode: properties.mode,
    schedule: properties.schedule,
    syncWindow: properties.syncWindow,
    messageTtl: properties.messageTtl,
    logLevel: properties.logging.logLevel,
    garbageCollection: properties.garbageCollection,
    notifications: properties.notificationsList,
    syncFilter: properties.syncFilter,
    grants: (await tokenDocument(reader, registry, properties.tokenId)).actions,
    clientTokens: clients,
    children: await Promise.all(
      children.map(async (child) => ({
        syncToken: await tokenDocument(reader, registry, child.properties.tokenId),
        configuration: await build(reader, registry, all, child),
        deactivations: child.properties.deactivations,
        resyncs: child.properties.resyncs ?? 0,
      })),
    ),
  };
}

/** A token that is gone signs nobody in; the rules keep one from going while a connected registry names it. */
async function tokenDocument(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  id: string,
): Promise<TokenDocument> {
  const token = await reader.get(tokenKind, keyOf(id));
  if (!token) throw new Error(`the token ${id} is named by a connected registry and does not exist`);
  const scopeMap = await findScopeMap(reader, registry, keyOf(token.properties.scopeMapId));
  return {
    name: token.name,
    status: token.properties.status,
    actions: scopeMap?.properties.actions ?? [],
    passwords: token.properties.passwords.map(({ name, verifier, expiry }) => ({ name, verifier, expiry })),
  };
}

/** A hash that is the same for the same document, whatever the order of its keys. */
export function revisionOf(configuration: NodeConfiguration): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(configuration)))
    .digest('hex')
    .slice(0, 32);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => [key, canonical(member)]),
  );
}
