// What a token may be called, refer to and lose.
import { ArmError } from '../../arm/errors.ts';
import { keyOf, parseSibling, type ResourceKey } from '../../arm/resource-id.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceChange, ResourceReader } from '../../store/resources.ts';
import { connectedRegistryKind } from '../connected-registries/schema.ts';
import type { RegistryProperties } from '../registries/schema.ts';
import { scopeMapKind } from '../scope-maps/schema.ts';
import { findScopeMap } from '../scope-maps/system.ts';
import type { TokenInput, TokenPassword } from './schema.ts';

const namePattern = /^[a-zA-Z0-9-]{5,50}$/;

/** @throws ArmError InvalidResourceName */
export function checkTokenName(name: string): void {
  if (namePattern.test(name)) return;
  throw new ArmError(
    'InvalidResourceName',
    `The token name '${name}' is invalid: 5 to 50 letters, digits and '-'.`,
  );
}

/** @returns the id, spelled as the scope map is. @throws ArmError LinkedInvalidPropertyId, LinkedResourceNotFound */
export async function checkScopeMapId(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  id: string,
): Promise<string> {
  const target = 'properties.scopeMapId';
  const scopeMap = await findScopeMap(
    reader,
    registry,
    parseSibling(id, scopeMapKind.type, registry.id, target),
  );
  if (scopeMap) return scopeMap.id;
  throw new ArmError(
    'LinkedResourceNotFound',
    `The scope map '${id}' does not exist. Create it first.`,
    target,
  );
}

/** Listing fewer passwords than there are deletes the others; naming one that is not there makes none. */
export function keptPasswords(
  passwords: readonly TokenPassword[],
  input: TokenInput['credentials'],
): TokenPassword[] {
  const listed = input?.passwords;
  if (!listed) return [...passwords];
  return passwords.filter(({ name }) => listed.some((entry) => entry.name === name));
}

/**
 * Before a token goes: a connected registry's sync token stays, and a client token leaves the lists that name it.
 * @throws ArmError Conflict
 */
export async function releaseToken(
  change: ResourceChange,
  registryKey: ResourceKey,
  key: ResourceKey,
): Promise<void> {
  for (const connected of await change.list(connectedRegistryKind, registryKey)) {
    const { tokenId, clientTokenIds } = connected.properties;
    if (keyOf(tokenId) === key) {
      throw new ArmError(
        'Conflict',
        `The token is the sync token of the connected registry ${connected.name}. Delete the connected registry first.`,
      );
    }
    const others = clientTokenIds.filter((id) => keyOf(id) !== key);
    if (others.length === clientTokenIds.length) continue;
    await change.put(
      { ...connected, properties: { ...connected.properties, clientTokenIds: others } },
      registryKey,
    );
  }
}
