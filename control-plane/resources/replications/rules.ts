// Which regions a registry may be replicated to, and what stands for its own.
import { ArmError } from '../../arm/errors.ts';
import { childId, keyOf, type ResourceKey } from '../../arm/resource-id.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceReader } from '../../store/resources.ts';
import type { RegistryProperties } from '../registries/schema.ts';
import { settingsOf } from '../registries/settings.ts';
import { tiers } from '../registries/tiers.ts';
import { replicationKind, type ReplicationProperties } from './schema.ts';

type Registry = Resource<RegistryProperties>;
type Replication = Resource<ReplicationProperties>;

const namePattern = /^[a-zA-Z0-9]{5,50}$/;

/** @throws ArmError InvalidResourceName */
export function checkReplicationName(name: string): void {
  if (namePattern.test(name)) return;
  throw new ArmError(
    'InvalidResourceName',
    `The replication name '${name}' is invalid: 5 to 50 letters and digits.`,
  );
}

/** @throws ArmError SkuNotSupported */
export function checkReplicated({ sku = 'Basic' }: Registry): void {
  if (tiers[sku].geoReplications !== 0) return;
  throw new ArmError(
    'SkuNotSupported',
    `Geo-replication is not supported for the SKU ${sku}. For more information on SKU tiers, please visit https://aka.ms/acr/tiers.`,
  );
}

/** A registry that can be replicated shows its own region as a replication too, ready since it was made. */
export function homeReplication(registry: Registry): Replication | undefined {
  const { sku = 'Basic', location = '', systemData } = registry;
  if (tiers[sku].geoReplications === 0) return undefined;
  return {
    id: childId(registry.id, replicationKind.type, location),
    type: replicationKind.type,
    name: location,
    location,
    tags: {},
    systemData: { ...systemData, lastModifiedAt: systemData.createdAt },
    properties: {
      regionEndpointEnabled: true,
      zoneRedundancy: settingsOf(registry.properties).zoneRedundancy,
    },
  };
}

/** The home region's, or one that was made. */
export async function findReplication(
  reader: ResourceReader,
  registry: Registry,
  key: ResourceKey,
): Promise<Replication | undefined> {
  const home = homeReplication(registry);
  return home && keyOf(home.id) === key ? home : reader.get(replicationKind, key);
}

/** @throws ArmError Conflict: what stands for the home region is no replication of anybody's making */
export function refuseHome(registry: Registry, name: string): void {
  const home = homeReplication(registry);
  if (home?.name !== name.toLowerCase()) return;
  throw new ArmError(
    'Conflict',
    `'${name}' is the home region of the registry ${registry.name}: it is there as long as the registry, and cannot be changed.`,
  );
}

/** One in each region, and none where the registry is. @throws ArmError Conflict, InvalidResourceLocation */
export async function checkRegion(
  reader: ResourceReader,
  registry: Registry,
  { name, location, before }: { name: string; location: string; before: Replication | undefined },
): Promise<void> {
  if (before && before.location !== location) {
    throw new ArmError(
      'InvalidResourceLocation',
      `The replication '${before.name}' already exists in location '${before.location}'. Delete it first, or choose another name.`,
      'location',
    );
  }
  if (location === registry.location) {
    throw new ArmError(
      'Conflict',
      `Replication could not be created in the same location as the registry: ${registry.name} is in '${location}'.`,
      'location',
    );
  }
  const others = await reader.list(replicationKind, keyOf(registry.id));
  const there = others.find((other) => other.location === location);
  if (!there || there.name.toLowerCase() === name.toLowerCase()) return;
  throw new ArmError(
    'Conflict',
    `The registry ${registry.name} is replicated to '${location}' already, by '${there.name}'.`,
    'location',
  );
}

/** @throws ArmError PropertyChangeNotAllowed */
export function checkSameZones(before: Replication | undefined, asked: string | null | undefined): void {
  if (!before || !asked || asked === before.properties.zoneRedundancy) return;
  throw new ArmError(
    'PropertyChangeNotAllowed',
    `Changing property 'properties.zoneRedundancy' is not allowed. Delete the replication ${before.name} and make it anew.`,
    'properties.zoneRedundancy',
  );
}
