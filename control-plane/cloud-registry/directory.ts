// Who may do what in a cloud registry, computed from its ARM resources: tokens with their scope maps, the admin user,
// signed-in service principals, and anonymous callers where the registry allows them to pull. What was looked up is
// kept until a resource of the registry changes.
import { verifyPassword } from '../../registry-node/auth/password.ts';
import type { Clock } from '../../registry-node/clock.ts';
import type { Directory, Principal } from '../../registry-node/directory/directory.ts';
import { OciError } from '../../registry-node/oci/errors.ts';
import { compileGrants } from '../../registry-node/oci/scope.ts';
import { childId, keyOf, type ResourceKey } from '../arm/resource-id.ts';
import type { ServicePrincipals } from '../identity/service-principals.ts';
import { connectedRegistryKind } from '../resources/connected-registries/schema.ts';
import { registryKind, type RegistryProperties } from '../resources/registries/schema.ts';
import { findScopeMap } from '../resources/scope-maps/system.ts';
import { tokenKind, type TokenProperties } from '../resources/tokens/schema.ts';
import type { Resource } from '../store/resource.ts';
import type { Resources } from '../store/resources.ts';
import type { AdminPasswords } from './admin-passwords.ts';

export interface CloudDirectoryOptions {
  registryKey: ResourceKey;
  resources: Resources;
  servicePrincipals: ServicePrincipals;
  adminPasswords: AdminPasswords;
  clock: Clock;
}

/** Kinds of principals, told apart in their names: a token may be called as the registry is. */
const prefixes = { token: 'token:', servicePrincipal: 'service-principal:' } as const;
const adminName = 'admin';
const everything = ['metadata/read', 'metadata/write', 'content/read', 'content/write', 'content/delete'];
const allGrants = compileGrants(everything.map((action) => `repositories/*/${action}`));
const pullGrants = compileGrants(['repositories/*/content/read', 'repositories/*/metadata/read']);
const principalsKeptMax = 10_000;

export interface CloudDirectory extends Directory {
  /** How often the registry's resources changed since the directory was made. */
  changes(): number;
  close(): void;
}

export function createCloudDirectory(options: CloudDirectoryOptions): CloudDirectory {
  const { registryKey, resources, servicePrincipals } = options;
  const kept = new Map<string, Promise<Principal | undefined>>();
  let changes = 0;
  const stopListening = resources.onChange((keys) => {
    if (![...keys].some((key) => key === registryKey || key.startsWith(`${registryKey}/`))) return;
    kept.clear();
    changes += 1;
  });

  const registry = async (): Promise<Resource<RegistryProperties>> => {
    const found = await resources.get(registryKind, registryKey);
    if (!found) throw new OciError('NAME_UNKNOWN', 'the registry was deleted');
    return found;
  };
  const tokenNamed = async (name: string) =>
    resources.get(tokenKind, keyOf(childId(registryKey, tokenKind.type, name)));

  const find = async (name: string): Promise<Principal | undefined> => {
    if (name === adminName) {
      const { adminUserEnabled } = (await registry()).properties;
      return adminUserEnabled ? { name, grants: allGrants } : undefined;
    }
    if (name.startsWith(prefixes.servicePrincipal)) {
      const known = await servicePrincipals.exists(name.slice(prefixes.servicePrincipal.length));
      return known ? { name, grants: allGrants } : undefined;
    }
    const token = await tokenNamed(name.slice(prefixes.token.length));
    return token && tokenPrincipal(resources, await registry(), token);
  };
  const principal = (name: string): Promise<Principal | undefined> => {
    const known = kept.get(name);
    if (known) return known;
    if (kept.size >= principalsKeptMax) kept.clear();
    const found = find(name);
    kept.set(name, found);
    found.catch(() => kept.delete(name));
    return found;
  };
  const admitted = async (name: string): Promise<Principal> => {
    const found = await principal(name);
    if (!found) throw new OciError('UNAUTHORIZED', 'this user is disabled');
    return found;
  };

  return {
    mode: 'ReadWrite',
    principal,
    anonymous: async () =>
      (await registry()).properties.anonymousPullEnabled
        ? { name: 'anonymous', grants: pullGrants }
        : undefined,
    authenticate: async (username, password) => {
      const { name, properties } = await registry();
      if (properties.adminUserEnabled && username.toLowerCase() === name.toLowerCase()) {
        if (options.adminPasswords.match(properties, password)) return admitted(adminName);
      }
      if (await servicePrincipals.verify(username, password)) {
        return admitted(servicePrincipalName(username));
      }
      const token = await tokenNamed(username);
      if (token && hasPassword(token, password, options.clock.now())) {
        return admitted(`${prefixes.token}${token.name.toLowerCase()}`);
      }
      throw new OciError('UNAUTHORIZED', 'Incorrect Password');
    },
    changes: () => changes,
    close: stopListening,
  };
}

/** The principal under which a service principal acts in every registry. */
export function servicePrincipalName(clientId: string): string {
  return `${prefixes.servicePrincipal}${clientId.toLowerCase()}`;
}

async function tokenPrincipal(
  resources: Resources,
  registry: Resource<RegistryProperties>,
  token: Resource<TokenProperties>,
): Promise<Principal | undefined> {
  if (token.properties.status !== 'enabled') return undefined;
  const scopeMap = await findScopeMap(resources, registry, keyOf(token.properties.scopeMapId));
  const connected = await resources.list(connectedRegistryKind, keyOf(registry.id));
  const synced = connected.find(({ properties }) => keyOf(properties.tokenId) === keyOf(token.id));
  return {
    name: `${prefixes.token}${token.name.toLowerCase()}`,
    // A token whose scope map was deleted may do nothing.
    grants: compileGrants(scopeMap?.properties.actions ?? []),
    connectedRegistry: synced?.name,
  };
}

function hasPassword(token: Resource<TokenProperties>, password: string, now: Date): boolean {
  return token.properties.passwords.some(
    ({ verifier, expiry }) =>
      (expiry === undefined || new Date(expiry) > now) && verifyPassword(password, verifier),
  );
}
