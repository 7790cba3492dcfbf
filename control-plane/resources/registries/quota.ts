// How many scope maps, tokens, connected registries and webhooks a registry of a tier may have.
import { ArmError } from '../../arm/errors.ts';
import { keyOf } from '../../arm/resource-id.ts';
import type { Resource, ResourceKind } from '../../store/resource.ts';
import type { ResourceReader } from '../../store/resources.ts';
import type { RegistryProperties } from './schema.ts';
import { tiers } from './tiers.ts';

/** Call before adding one. @throws ArmError QuotaExceeded */
export async function checkQuota(
  reader: ResourceReader,
  registry: Resource<RegistryProperties>,
  kind: ResourceKind<unknown>,
  of: 'scopeMaps' | 'tokens' | 'connectedRegistries' | 'webhooks',
): Promise<void> {
  const sku = registry.sku ?? 'Basic';
  if ((await reader.count(kind, keyOf(registry.id))) < tiers[sku][of]) return;
  throw new ArmError(
    'QuotaExceeded',
    `Quota exceeded for resource type ${of} for the registry SKU ${sku}. ` +
      'Learn more about different SKU quotas and upgrade process: https://aka.ms/acr/tiers',
  );
}
