// The other resources that a connected registry names: its parent, its sync token, its client tokens. Each must exist
// in the same registry, and is kept as it is spelled there.
import { ArmError } from '../../arm/errors.ts';
import { keyOf, nameOf, parseSibling } from '../../arm/resource-id.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceReader } from '../../store/resources.ts';
import type { RegistryProperties } from '../registries/schema.ts';
import { tokenKind } from '../tokens/schema.ts';
import { connectedRegistryKind, type ConnectedRegistryProperties } from './schema.ts';

const clientTokensMax = 50;

/**
 * @returns the parent's id as it is spelled. @throws ArmError LinkedResourceNotFound, ConnectedRegistryModeConflict
 */
export async function checkParent(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  child: { name: string; mode: ConnectedRegistryProperties['mode']; parentId: string },
): Promise<string> {
  const target = 'properties.parent.id';
  const key = parseSibling(child.parentId, connectedRegistryKind.type, registry.id, target);
  const parent = await reader.get(connectedRegistryKind, key);
  if (!parent) {
    const name = nameOf(child.parentId);
    throw new ArmError(
      'LinkedResourceNotFound',
      `The parent connected registry '${name}' could not be found.`,
      target,
    );
  }
  if (parent.properties.mode !== 'ReadWrite' && parent.properties.mode !== child.mode) {
    throw new ArmError(
      'ConnectedRegistryModeConflict',
      `Can't create the registry '${child.name}' with mode '${child.mode}' when the connected registry parent '${parent.name}' mode is '${parent.properties.mode}'. ` +
        'For more information on connected registries please visit https://aka.ms/acr/connected-registry.',
      'properties.mode',
    );
  }
  return parent.id;
}

/**
 * @returns the token's id as it is spelled
 * @throws ArmError InvalidPropertyValue, LinkedResourceNotFound, Conflict
 */
export async function checkSyncToken(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  name: string,
  tokenId: string | null | undefined,
): Promise<string> {
  const target = 'properties.parent.syncProperties.tokenId';
  if (!tokenId) throw new ArmError('InvalidPropertyValue', 'The id of a sync token is required.', target);
  const key = parseSibling(tokenId, tokenKind.type, registry.id, target);
  const token = await reader.get(tokenKind, key);
  if (!token)
    throw new ArmError(
      'LinkedResourceNotFound',
      `The sync token '${tokenId}' does not exist. Create it first.`,
      target,
    );
  for (const other of await reader.list(connectedRegistryKind, keyOf(registry.id))) {
    if (keyOf(other.properties.tokenId) !== key || other.name.toLowerCase() === name.toLowerCase()) continue;
    throw new ArmError(
      'Conflict',
      `The token '${token.name}' is already the sync token of the connected registry ${other.name}. Each needs its own.`,
      target,
    );
  }
  return token.id;
}

/**
 * @returns the ids as they are spelled, each once
 * @throws ArmError QuotaExceeded, InvalidPropertyValue, LinkedResourceNotFound
 */
export async function checkClientTokens(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  ids: readonly string[],
  syncTokenId: string,
): Promise<string[]> {
  const target = 'properties.clientTokenIds';
  const keys = [...new Set(ids.map((id) => parseSibling(id, tokenKind.type, registry.id, target)))];
  if (keys.length > clientTokensMax) {
    throw new ArmError(
      'QuotaExceeded',
      `A connected registry has at most ${clientTokensMax} client tokens, and ${keys.length} were given.`,
      target,
    );
  }
  if (keys.includes(keyOf(syncTokenId))) {
    throw new ArmError(
      'InvalidPropertyValue',
      `The token '${nameOf(syncTokenId)}' is its sync token and cannot be a client token as well. Give clients tokens of their own.`,
      target,
    );
  }
  const tokens = await Promise.all(keys.map((key) => reader.get(tokenKind, key)));
  const missing = tokens.indexOf(undefined);
  if (missing >= 0) {
    const name = nameOf(keys[missing]!);
    throw new ArmError(
      'LinkedResourceNotFound',
      `The client token '${name}' does not exist. Create it first.`,
      target,
    );
  }
  return tokens.map((token) => token!.id);
}
