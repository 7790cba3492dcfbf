// A connected registry with the registry that it belongs to: how routes find it and show it.
import type { FastifyRequest } from 'fastify';
import { apiVersionOf } from '../../arm/api-version.ts';
import type { Envelope } from '../../arm/envelope.ts';
import { childNotFound } from '../../arm/errors.ts';
import { childId, keyOf } from '../../arm/resource-id.ts';
import type { ChildParams } from '../../arm/route-paths.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceReader } from '../../store/resources.ts';
import { type ResourceContext, requireRegistry } from '../context.ts';
import type { RegistryProperties } from '../registries/schema.ts';
import { connectedRegistryKind, type ConnectedRegistryProperties } from './schema.ts';
import { toConnectedRegistry, type WireContext } from './wire.ts';

export interface Found {
  registry: Resource<RegistryProperties>;
  connected: Resource<ConnectedRegistryProperties>;
}

/** @throws ArmError ResourceNotFound, and what requireRegistry throws */
export async function requireConnected(
  context: ResourceContext,
  reader: ResourceReader,
  params: ChildParams,
): Promise<Found> {
  const registry = await requireRegistry(context, reader, params);
  const key = keyOf(childId(registry.id, connectedRegistryKind.type, params.name));
  const connected = await reader.get(connectedRegistryKind, key);
  if (!connected) throw childNotFound(params.name);
  return { registry, connected };
}

/** As the wire shows it to a client of the request's api-version. */
export async function showConnected(
  context: ResourceContext,
  request: FastifyRequest,
  found: Found,
): Promise<Envelope> {
  return showHeard(context, request, found, await context.reports.list(keyOf(found.registry.id)));
}

/** The same for lists, which read what was heard of all once. */
export function showHeard(
  { hosts, clock }: ResourceContext,
  request: FastifyRequest,
  { registry, connected }: Found,
  reports: WireContext['reports'],
): Envelope {
  const version = apiVersionOf(request);
  return toConnectedRegistry(connected, { registry, reports, hosts, now: clock.now(), version });
}
