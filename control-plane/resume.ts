// What a stop cut short goes on at the next start: operations, which clients still poll, and registries whose operation a
// power cut kept from being written down.
import { z } from 'zod';
import type { LongRunning, OperationNotes } from './arm/long-running.ts';
import { ArmError } from './arm/errors.ts';
import { keyOf, type ResourceKey } from './arm/resource-id.ts';
import type { ImportJob } from './cloud-registry/import/job.ts';
import type { Imports } from './cloud-registry/import/queue.ts';
import type { CloudRegistries } from './cloud-registry/registries.ts';
import { registryKind } from './resources/registries/schema.ts';
import { removeGroup } from './resources/resource-groups/remove.ts';
import type { Operations } from './store/operations.ts';
import type { Resources } from './store/resources.ts';

/** What an operation does, in the words of the route that began it. */
const workSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('create-registry'),
    registry: z.custom<ResourceKey>((key) => typeof key === 'string'),
  }),
  z.object({
    kind: z.literal('delete-resource-group'),
    group: z.custom<ResourceKey>((key) => typeof key === 'string'),
  }),
  z.object({
    kind: z.literal('import'),
    job: z.custom<ImportJob>((job) => typeof job === 'object' && job !== null),
  }),
]);
type OperationWork = z.infer<typeof workSchema>;

interface Workers {
  resources: Resources;
  registries: CloudRegistries;
  imports: Imports;
}

function goOn(
  work: OperationWork,
  { resources, registries, imports }: Workers,
  notes: OperationNotes,
): Promise<void> {
  if (work.kind === 'create-registry') return registries.create(work.registry);
  if (work.kind === 'import') return imports.run(work.job, { notes, isResumed: true });
  return removeGroup({ resources, registries }, work.group);
}

export async function resumeOperations({
  operations,
  longRunning,
  ...workers
}: Workers & { operations: Operations; longRunning: LongRunning }): Promise<void> {
  const resumed = new Set<ResourceKey>();
  for (const operation of await operations.running()) {
    const work = workSchema.safeParse(operation.work);
    if (work.data?.kind === 'create-registry') resumed.add(work.data.registry);
    longRunning.resume(operation, async (notes) => {
      if (work.success) return goOn(work.data, workers, notes);
      throw new ArmError('InternalServerError', 'The control plane was restarted and cannot go on with it.');
    });
  }
  for (const { id, properties } of await workers.resources.all(registryKind)) {
    const registry = keyOf(id);
    if (properties.provisioningState !== 'Creating' || resumed.has(registry)) continue;
    const work: OperationWork = { kind: 'create-registry', registry };
    await longRunning.start('registries', 'Creating', work, (notes) => goOn(work, workers, notes));
  }
}
