// Deleting a resource group: its registries first, each with its content, then the group. What a stop interrupts goes
// on at the next start, and finds less to do. Several may be at it at once, each asked for by a client of its own: when one has
// ended, the name is free, and what is made under it is none of the others' business.
import { keyOf, type ResourceKey } from '../../arm/resource-id.ts';
import type { CloudRegistries } from '../../cloud-registry/registries.ts';
import type { ResourceReader, Resources } from '../../store/resources.ts';
import { registryKind } from '../registries/schema.ts';
import { resourceGroupKind } from './schema.ts';

export async function removeGroup(
  { resources, registries }: { resources: Resources; registries: Pick<CloudRegistries, 'remove'> },
  group: ResourceKey,
): Promise<void> {
  // Nothing is made in a group that is being deleted, so this ends.
  while (await isBeingDeleted(resources, group)) {
    const [registry] = await resources.list(registryKind, group, { limit: 1 });
    if (registry) await registries.remove(keyOf(registry.id));
    else await removeEmpty(resources, group);
  }
}

async function removeEmpty(resources: Resources, group: ResourceKey): Promise<void> {
  await resources.change(async (change) => {
    const isEmpty = (await change.count(registryKind, group)) === 0;
    if (isEmpty && (await isBeingDeleted(change, group))) await change.remove(group);
  });
}

async function isBeingDeleted(reader: ResourceReader, group: ResourceKey): Promise<boolean> {
  return (await reader.get(resourceGroupKind, group))?.properties.provisioningState === 'Deleting';
}
