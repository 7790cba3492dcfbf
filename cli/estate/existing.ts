// What there is of the groups and registries that an estate names, and what is in these registries.
import type { Arm } from '../client/arm.ts';
import { ifExists } from '../client/arm-error.ts';
import type { ConnectedRegistry, Registry, ResourceGroup, ScopeMap, Token } from '../client/resources.ts';
import { groupId, registryIdOf } from './desired.ts';
import type { Existing } from './difference.ts';
import type { Estate, EstateRegistry } from './schema.ts';

/** Of groups; the other kinds have their own. */
export const groupApiVersion = '2021-04-01';

export interface Inside {
  declared: EstateRegistry;
  scopeMaps: ScopeMap[];
  tokens: Token[];
  connectedRegistries: ConnectedRegistry[];
}

export interface Found {
  existing: Existing;
  /** Of the registries that exist. */
  inside: Inside[];
}

export async function readExisting(arm: Arm, estate: Estate, subscription: string): Promise<Found> {
  const existing = new Map<string, unknown>();
  const keep = (id: string, resource: unknown): unknown => existing.set(id.toLowerCase(), resource);
  const path = `/subscriptions/${subscription}/resourcegroups?api-version=${groupApiVersion}`;
  const groups = estate.groups?.length ? await arm.list<ResourceGroup>(path) : [];
  for (const group of groups) keep(groupId(subscription, group.name), group);
  const inside: Inside[] = [];
  for (const declared of estate.registries ?? []) {
    const id = registryIdOf(declared, subscription);
    const registry = await ifExists(arm.get<Registry>(id.path));
    if (!registry) continue;
    keep(id.path, registry);
    const [scopeMaps, tokens, connectedRegistries] = await Promise.all([
      arm.list<ScopeMap>(id.child('scopeMaps')),
      arm.list<Token>(id.child('tokens')),
      arm.list<ConnectedRegistry>(id.child('connectedRegistries')),
    ]);
    for (const one of scopeMaps) keep(id.child('scopeMaps', one.name), one);
    for (const one of tokens) keep(id.child('tokens', one.name), one);
    for (const one of connectedRegistries) keep(id.child('connectedRegistries', one.name), one);
    inside.push({ declared, scopeMaps, tokens, connectedRegistries });
  }
  return { existing, inside };
}
