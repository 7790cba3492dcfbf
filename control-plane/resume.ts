// Operations that a stop cut short go on at the next start: clients still poll them.
import { z } from 'zod';
import type { LongRunning, OperationNotes } from './arm/long-running.ts';
import { ArmError } from './arm/errors.ts';
import type { ResourceKey } from './arm/resource-id.ts';
import type { ImportJob } from './cloud-registry/import/job.ts';
import type { Imports } from './cloud-registry/import/queue.ts';
import type { CloudRegistries } from './cloud-registry/registries.ts';
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
export type OperationWork = z.infer<typeof workSchema>;

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
  resources,
  registries,
  imports,
}: Workers & { operations: Operations; longRunning: LongRunning }): Promise<void> {
  for (const operation of await operations.running()) {
    longRunning.resume(operation, async (notes) => {
      const work = workSchema.safeParse(operation.work);
      if (!work.success) {
        throw new ArmError(
          'InternalServerError',
          'The control plane was restarted and cannot go on with it.',
        );
      }
      await goOn(work.data, { resources, registries, imports }, notes);
    });
  }
}
