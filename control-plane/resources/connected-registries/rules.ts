// What a connected registry may be called and change, and what its registry must offer (Azure REST API,
// Connected Registries).
import { ArmError } from '../../arm/errors.ts';
import { keyOf } from '../../arm/resource-id.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceReader } from '../../store/resources.ts';
import { checkQuota } from '../registries/quota.ts';
import type { RegistryProperties } from '../registries/schema.ts';
import { tiers } from '../registries/tiers.ts';
import { connectedRegistryKind, type ConnectedRegistryProperties } from './schema.ts';

const namePattern = /^[a-zA-Z0-9]{5,50}$/;

/** @throws ArmError InvalidResourceName */
export function checkConnectedRegistryName(name: string): void {
  if (namePattern.test(name)) return;
  throw new ArmError(
    'InvalidResourceName',
    `The connected registry name '${name}' is invalid: 5 to 50 letters and digits.`,
  );
}

/** Before a new one. @throws ArmError SkuNotSupported, DataEndpointDisabled, QuotaExceeded */
export async function checkRoomFor(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
): Promise<void> {
  const sku = registry.sku ?? 'Basic';
  if (tiers[sku].connectedRegistries === 0) {
    throw new ArmError(
      'SkuNotSupported',
      `Connected registries are not supported for the SKU ${sku}. Update the registry to the SKU Premium first.`,
    );
  }
  if (!registry.properties.dataEndpointEnabled) {
    throw new ArmError(
      'DataEndpointDisabled',
      `Dedicated data endpoints must be enabled to use connected-registry. Enable them for '${registry.name}' by setting dataEndpointEnabled to true.`,
    );
  }
  await checkQuota(reader, registry, connectedRegistryKind, 'connectedRegistries');
}

/** Nodes sign in to their parent with a sync token, and with nothing else. @throws ArmError NotImplemented */
export function refuseIdentity(
  identity: { type: string } | null | undefined,
  authType: 'SyncToken' | 'ManagedIdentity' | null | undefined,
): void {
  const named = identity && identity.type.toLowerCase() !== 'none';
  if (!named && authType !== 'ManagedIdentity') return;
  throw new ArmError(
    'NotImplemented',
    'Managed identities of connected registries are not part of this control plane. Use a sync token.',
    named ? 'identity' : 'properties.parent.syncProperties.authType',
  );
}

type Fixed = Pick<ConnectedRegistryProperties, 'mode' | 'parentId' | 'tokenId'>;
/** @throws ArmError PropertyChangeNotAllowed */
export function checkUnchanged(before: Fixed, after: Fixed): void {
  const fixed = {
    'properties.mode': before.mode === after.mode,
    'properties.parent.id': keyOf(before.parentId ?? '') === keyOf(after.parentId ?? ''),
    'properties.parent.syncProperties.tokenId': keyOf(before.tokenId) === keyOf(after.tokenId),
  };
  const changed = Object.entries(fixed).find(([, same]) => !same)?.[0];
  if (changed === undefined) return;
  throw new ArmError(
    'PropertyChangeNotAllowed',
    `Changing property '${changed}' is not allowed. Create another connected registry instead.`,
    changed,
  );
}

/** @throws ArmError Conflict */
export async function checkNoChildren(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  connected: Resource<ConnectedRegistryProperties>,
): Promise<void> {
  const all = await reader.list(connectedRegistryKind, keyOf(registry.id));
  const children = all.filter(({ properties }) => keyOf(properties.parentId ?? '') === keyOf(connected.id));
  if (children.length === 0) return;
  throw new ArmError(
    'Conflict',
    `The connected registry ${connected.name} is the parent of ${children.map(({ name }) => name).join(', ')}. Delete them first.`,
  );
}
