// Deleting a resource group: its registries first, each with its content, then the group. What a stop interrupts goes
// on at the next start, and finds less to do.
import type { ResourceKey } from '../../arm/resource-id.ts';
import { keyOf } from '../../arm/resource-id.ts';
import type { CloudRegistries } from '../../cloud-registry/registries.ts';
import type { Resources } from '../../store/resources.ts';
import { registryKind } from '../registries/schema.ts';

export async function removeGroup(
  { resources, registries }: { resources: Resources; registries: CloudRegistries },
  group: ResourceKey,
): Promise<void> {
  for (const registry of await resources.list(registryKind, group)) {
    await registries.remove(keyOf(registry.id));
  }
  await resources.change((change) => change.remove(group));
}
