// From an estate to the resources that it stands for, each before what needs it. A connected registry stands for three: its scope
// map, its sync token and itself; and the scope maps of all above it allow what those below need.
import { gatewayFor, repositoriesForMode } from '../client/actions.ts';
import { RegistryId } from '../client/registry-id.ts';
import type { KindName } from './kinds.ts';
import type { Estate, EstateConnected, EstateRegistry } from './schema.ts';

export interface Desired {
  kind: KindName;
  name: string;
  /** The registry that it is in. */
  registry: string | undefined;
  /** Its path in ARM. */
  id: string;
  /** As they go over the wire; undefined ones are left as they are. */
  fields: Readonly<Record<string, unknown>>;
  /** Of the scope map of a sync token: others may need more of it than the file says. */
  sync?: boolean;
}

export function desiredOf(estate: Estate, subscription: string): Desired[] {
  const { groups = [], registries = [] } = estate;
  const locations = new Map(groups.map(({ name, location }) => [name.toLowerCase(), location]));
  return [
    ...groups.map(({ name, location }): Desired => {
      const id = groupId(subscription, name);
      return { kind: 'group', name, registry: undefined, id, fields: { location } };
    }),
    ...registries.flatMap((registry) => {
      const id = registryIdOf(registry, subscription);
      const location = registry.location ?? locations.get(registry.group.toLowerCase());
      return [registryOf(registry, id, location)].concat(insideOf(registry, id));
    }),
  ];
}

export function registryIdOf({ group, name }: EstateRegistry, subscription: string): RegistryId {
  return new RegistryId(subscription, group, name);
}

export function groupId(subscription: string, name: string): string {
  return `/subscriptions/${subscription}/resourcegroups/${encodeURIComponent(name)}`;
}

function registryOf(registry: EstateRegistry, { path }: RegistryId, location: string | undefined): Desired {
  const { name, sku, adminUserEnabled, anonymousPullEnabled, dataEndpointEnabled } = registry;
  // Connected registries need it.
  const needed = (registry.connectedRegistries ?? []).length > 0 ? true : undefined;
  const switches = {
    adminUserEnabled,
    anonymousPullEnabled,
    dataEndpointEnabled: dataEndpointEnabled ?? needed,
  };
  return { kind: 'registry', name, registry: undefined, id: path, fields: { location, sku, ...switches } };
}

function insideOf(
  { scopeMaps = [], tokens = [], connectedRegistries = [] }: EstateRegistry,
  id: RegistryId,
): Desired[] {
  const make = (
    kind: 'scopeMap' | 'token',
    name: string,
    fields: Desired['fields'],
    sync = false,
  ): Desired => ({
    kind,
    name,
    registry: id.name,
    id: id.child(`${kind}s`, name),
    fields,
    sync,
  });
  return [
    ...scopeMaps.map(({ name, description, repositories }) => {
      const actions = Object.entries(repositories).flatMap(([repository, allowed]) =>
        allowed.map((action) => `repositories/${repository}/${action}`),
      );
      return make('scopeMap', name, { description, actions });
    }),
    ...connectedRegistries.map((one) => {
      const description = `Created by connected registry sync token: ${one.name}`;
      return make(
        'scopeMap',
        one.name,
        { description, actions: syncActions(one, connectedRegistries) },
        true,
      );
    }),
    ...tokens.map(({ name, scopeMap, status }) =>
      make('token', name, { scopeMap: id.child('scopeMaps', scopeMap), status }),
    ),
    ...connectedRegistries.map(({ name }) =>
      make('token', name, { scopeMap: id.child('scopeMaps', name), status: 'enabled' }),
    ),
    ...parentsFirst(connectedRegistries).map((one) => connectedOf(one, id)),
  ];
}

/** Its own, and those of everything below it. */
function syncActions(one: EstateConnected, all: readonly EstateConnected[]): string[] {
  const own = [...repositoriesForMode(one.repositories, one.mode), ...gatewayFor(one.name)];
  const children = all.filter(({ parent }) => parent?.toLowerCase() === one.name.toLowerCase());
  return [...new Set([...own, ...children.flatMap((child) => syncActions(child, all))])];
}

function parentsFirst(all: readonly EstateConnected[]): EstateConnected[] {
  const below = (parent: string | undefined): EstateConnected[] =>
    all.flatMap((one) => (one.parent?.toLowerCase() === parent?.toLowerCase() ? branch(one) : []));
  const branch = (one: EstateConnected): EstateConnected[] => [one].concat(below(one.name));
  const declared = new Set(all.map(({ name }) => name.toLowerCase()));
  // What is below one that the file does not declare comes first: its parent must be there already.
  const elsewhere = all.filter(({ parent }) => parent !== undefined && !declared.has(parent.toLowerCase()));
  return [...below(undefined), ...elsewhere.flatMap(branch)];
}

function connectedOf(one: EstateConnected, id: RegistryId): Desired {
  const { name, mode, parent, schedule, syncWindow, messageTtl, logLevel, clientTokens, notifications } = one;
  const fields = {
    mode,
    parent: parent && id.child('connectedRegistries', parent),
    syncToken: id.child('tokens', name),
    schedule,
    syncWindow,
    messageTtl,
    logLevel,
    clientTokens: clientTokens?.map((token) => id.child('tokens', token)),
    notifications,
    syncFilter: one.syncFilter,
    gcEnabled: one.garbageCollection?.enabled,
    gcSchedule: one.garbageCollection?.schedule,
  };
  return {
    kind: 'connectedRegistry',
    name,
    registry: id.name,
    id: id.child('connectedRegistries', name),
    fields,
  };
}
