// What an estate does not name any more and owns all the same: of each kind that the file lists for a registry, what the list
// leaves out. Groups and registries are never among it, nor what something that stays needs.
import { nameOf } from '../client/registry-id.ts';
import type { ConnectedRegistry } from '../client/resources.ts';
import type { Change } from './difference.ts';
import type { Inside } from './existing.ts';

const fold = (name: string): string => name.toLowerCase();
/** ACR's own scope maps, like `_repositories_pull`. */
const isSystem = (name: string): boolean => name.startsWith('_');

/** Connected registries that the file does not name. */
export function undeclared({ declared, connectedRegistries }: Inside): ConnectedRegistry[] {
  const names = new Set(declared.connectedRegistries?.map(({ name }) => fold(name)));
  return connectedRegistries.filter(({ name }) => !names.has(fold(name)));
}

/** Deletions, each before what it needs. */
export function pruneOf(inside: Inside): Change[] {
  const { declared, scopeMaps, tokens, connectedRegistries } = inside;
  const gone = declared.connectedRegistries ? undeclared(inside) : [];
  const goneNames = new Set(gone.map(({ name }) => fold(name)));
  const staying = connectedRegistries.filter(({ name }) => !goneNames.has(fold(name)));
  const connectedNames = staying.map(({ name }) => fold(name));
  const owns = (list: readonly { name: string }[] | undefined) => {
    const named = new Set((list ?? []).map(({ name }) => fold(name)).concat(connectedNames));
    // The sync token of what goes, and its scope map, came with it.
    return (name: string): boolean =>
      !named.has(fold(name)) && (list !== undefined || goneNames.has(fold(name)));
  };

  const inUse = new Set(
    staying.flatMap(({ properties: { parent, clientTokenIds = [] } }) =>
      [parent.syncProperties.tokenId].concat(clientTokenIds).map((id) => fold(nameOf(id))),
    ),
  );
  const ownsToken = owns(declared.tokens);
  const goneTokens = tokens.filter(({ name }) => ownsToken(name) && !inUse.has(fold(name)));
  const goneTokenNames = new Set(goneTokens.map(({ name }) => fold(name)));
  const mapsInUse = new Set(
    tokens
      .filter(({ name }) => !goneTokenNames.has(fold(name)))
      .map(({ name, properties }) => fold(declaredMap(declared, name) ?? nameOf(properties.scopeMapId))),
  );
  const ownsMap = owns(declared.scopeMaps);
  const goneMaps = scopeMaps.filter(
    ({ name }) => ownsMap(name) && !isSystem(name) && !mapsInUse.has(fold(name)),
  );

  const deletion =
    (kind: Change['kind']) =>
    ({ id, name }: { id: string; name: string }): Change => ({
      action: 'delete',
      kind,
      name,
      registry: declared.name,
      id,
      fields: [],
    });
  return [
    ...childrenFirst(gone).map(deletion('connectedRegistry')),
    ...goneTokens.map(deletion('token')),
    ...goneMaps.map(deletion('scopeMap')),
  ];
}

/** A token that the file gives another scope map does not need its old one. */
function declaredMap({ tokens = [] }: Inside['declared'], name: string): string | undefined {
  return tokens.find((token) => fold(token.name) === fold(name))?.scopeMap;
}

function childrenFirst(all: readonly ConnectedRegistry[]): ConnectedRegistry[] {
  const byId = new Map(all.map((one) => [fold(one.id), one]));
  const depth = (one: ConnectedRegistry): number => {
    let steps = 0;
    for (let next = parentIn(byId, one); next && steps < all.length; next = parentIn(byId, next)) steps++;
    return steps;
  };
  return all.toSorted((left, right) => depth(right) - depth(left));
}

function parentIn(all: ReadonlyMap<string, ConnectedRegistry>, { properties }: ConnectedRegistry) {
  return properties.parent.id ? all.get(fold(properties.parent.id)) : undefined;
}
