// Who may do what in a cloud registry, computed from its ARM resources: tokens with their scope maps, the admin user,
// signed-in service principals, and anonymous callers where the registry allows them to pull. What was looked up is
// kept until a resource of the registry, a role or a service principal changes.
import { findCredential, hasCredential } from '../../registry-node/auth/password.ts';
import type { Clock } from '../../registry-node/clock.ts';
import type { Directory, Principal } from '../../registry-node/directory/directory.ts';
import { OciError } from '../../registry-node/oci/errors.ts';
import { compileGrants } from '../../registry-node/oci/scope.ts';
import { childId, isWithin, keyOf, type ResourceKey } from '../arm/resource-id.ts';
import type { Roles } from '../identity/roles.ts';
import type { ServicePrincipals } from '../identity/service-principals.ts';
import { connectedRegistryKind } from '../resources/connected-registries/schema.ts';
import { registryKind, type RegistryProperties } from '../resources/registries/schema.ts';
import { findScopeMap } from '../resources/scope-maps/system.ts';
import { tokenKind, type TokenProperties } from '../resources/tokens/schema.ts';
import type { Resource } from '../store/resource.ts';
import type { Resources } from '../store/resources.ts';
import type { AdminPasswords } from './admin-passwords.ts';
import { roleGrants } from './role-grants.ts';

export interface CloudDirectoryOptions {
  registryKey: ResourceKey;
  resources: Resources;
  servicePrincipals: ServicePrincipals;
  roles: Roles;
  adminPasswords: AdminPasswords;
  clock: Clock;
}

/** Kinds of principals, told apart in their names: a token may be called as the registry is. */
const prefixes = { token: 'token:', servicePrincipal: 'service-principal:' } as const;
const adminName = 'admin';
const anonymousName = 'anonymous';
const everything = ['metadata/read', 'metadata/write', 'content/read', 'content/write', 'content/delete'];
const allGrants = compileGrants(everything.map((action) => `repositories/*/${action}`));
const pullGrants = compileGrants(['repositories/*/content/read', 'repositories/*/metadata/read']);
const principalsKeptMax = 10_000;

export interface CloudDirectory extends Directory {
  /** How often what it is computed from changed since the directory was made. */
  changes(): number;
  close(): void;
}

/** A principal, and what it may have signed in with. */
interface Known {
  principal: Principal;
  isGood(credential: string | undefined): boolean | Promise<boolean>;
}

export function createCloudDirectory(options: CloudDirectoryOptions): CloudDirectory {
  const { registryKey, resources, servicePrincipals, roles, adminPasswords, clock } = options;
  const kept = new Map<string, Promise<Known | undefined>>();
  /** By the key of its sync token; read once for all tokens, however many sites ask after a change. */
  let synced: Promise<Map<ResourceKey, string>> | undefined;
  let changes = 0;
  const forget = (): void => {
    kept.clear();
    synced = undefined;
    changes += 1;
  };
  const stopListening = [
    roles.onChange(forget),
    servicePrincipals.onChange(forget),
    resources.onChange((keys) => {
      if ([...keys].some((key) => isWithin(key, registryKey))) forget();
    }),
  ];

  const registry = async (): Promise<Resource<RegistryProperties>> => {
    const found = await resources.get(registryKind, registryKey);
    if (!found) throw new OciError('NAME_UNKNOWN', 'the registry was deleted');
    return found;
  };
  const tokenNamed = async (name: string) =>
    resources.get(tokenKind, keyOf(childId(registryKey, tokenKind.type, name)));

  const findAdmin = async (): Promise<Known | undefined> => {
    const { properties } = await registry();
    if (!properties.adminUserEnabled) return undefined;
    const isGood = (credential: string | undefined): boolean => adminPasswords.has(properties, credential);
    return { principal: { name: adminName, grants: allGrants }, isGood };
  };
  const findServicePrincipal = async (name: string, clientId: string): Promise<Known | undefined> => {
    const found = await servicePrincipals.get(clientId);
    const grants = found && roleGrants(await roles.permissionsOf(found.objectId), registryKey);
    if (!grants) return undefined;
    const isGood = async (credential: string | undefined): Promise<boolean> =>
      credential !== undefined && (await servicePrincipals.signedIn(clientId, credential)) !== undefined;
    return { principal: { name, grants }, isGood };
  };
  const connectedBy = async (token: ResourceKey): Promise<string | undefined> => {
    synced ??= connectedBySyncToken(resources, registryKey);
    const reading = synced;
    reading.catch(() => {
      if (synced === reading) synced = undefined;
    });
    return (await reading).get(token);
  };
  const findToken = async (name: string): Promise<Known | undefined> => {
    const token = await tokenNamed(name);
    const principal = token && (await tokenPrincipal(resources, await registry(), token, connectedBy));
    if (!principal) return undefined;
    const { passwords } = token.properties;
    return { principal, isGood: (credential) => hasCredential(passwords, credential, clock.now()) };
  };
  const findAnonymous = async (): Promise<Known | undefined> => {
    const { properties } = await registry();
    if (!properties.anonymousPullEnabled) return undefined;
    return { principal: { name: anonymousName, grants: pullGrants }, isGood: () => true };
  };
  const find = (name: string): Promise<Known | undefined> => {
    if (name === anonymousName) return findAnonymous();
    if (name === adminName) return findAdmin();
    if (!name.startsWith(prefixes.servicePrincipal)) return findToken(name.slice(prefixes.token.length));
    return findServicePrincipal(name, name.slice(prefixes.servicePrincipal.length));
  };
  const known = (name: string): Promise<Known | undefined> => {
    const before = kept.get(name);
    if (before) return before;
    if (kept.size >= principalsKeptMax) kept.clear();
    const found = find(name);
    kept.set(name, found);
    found.catch(() => kept.delete(name));
    return found;
  };
  const principal: Directory['principal'] = async (name, credential) => {
    const found = await known(name);
    return found && (await found.isGood(credential)) ? { ...found.principal, credential } : undefined;
  };
  const admitted = async (name: string, credential: string, why: string): Promise<Principal> => {
    const found = await principal(name, credential);
    if (!found) throw new OciError('UNAUTHORIZED', why);
    return found;
  };

  return {
    mode: 'ReadWrite',
    principal,
    anonymous: async () => (await known(anonymousName))?.principal,
    authenticate: async (username, password) => {
      const { name, properties } = await registry();
      if (properties.adminUserEnabled && username.toLowerCase() === name.toLowerCase()) {
        const credential = adminPasswords.credentialOf(properties, password);
        if (credential) return admitted(adminName, credential, 'the admin user is disabled');
      }
      const key = await servicePrincipals.verify(username, password);
      if (key !== undefined) return admitted(servicePrincipalName(username), key, noRole);
      const token = await tokenNamed(username);
      const credential = token && findCredential(token.properties.passwords, password, clock.now());
      if (!credential) throw new OciError('UNAUTHORIZED', 'Incorrect Password');
      return admitted(`${prefixes.token}${token.name.toLowerCase()}`, credential, 'the token is disabled');
    },
    changes: () => changes,
    close: () => {
      for (const stop of stopListening) stop();
    },
  };
}

export const noRole = 'the service principal has no role that allows it anything in this registry';

/** The principal under which a service principal acts in every registry. */
export function servicePrincipalName(clientId: string): string {
  return `${prefixes.servicePrincipal}${clientId.toLowerCase()}`;
}

async function tokenPrincipal(
  resources: Resources,
  registry: Resource<RegistryProperties>,
  token: Resource<TokenProperties>,
  connectedBy: (token: ResourceKey) => Promise<string | undefined>,
): Promise<Principal | undefined> {
  if (token.properties.status !== 'enabled') return undefined;
  const scopeMap = await findScopeMap(resources, registry, keyOf(token.properties.scopeMapId));
  return {
    name: `${prefixes.token}${token.name.toLowerCase()}`,
    // A token whose scope map was deleted may do nothing.
    grants: compileGrants(scopeMap?.properties.actions ?? []),
    connectedRegistry: await connectedBy(keyOf(token.id)),
  };
}

/** Key of each sync token -> name of its connected registry. */
async function connectedBySyncToken(
  resources: Resources,
  registryKey: ResourceKey,
): Promise<Map<ResourceKey, string>> {
  const connected = await resources.list(connectedRegistryKind, registryKey);
  return new Map(connected.map(({ name, properties }) => [keyOf(properties.tokenId), name]));
}
