// Operations that a stop cut short go on at the next start: clients still poll them.
import { z } from 'zod';
import type { LongRunning } from './arm/long-running.ts';
import { ArmError } from './arm/errors.ts';
import type { ResourceKey } from './arm/resource-id.ts';
import type { ImportJob } from './cloud-registry/import/job.ts';
import type { Imports } from './cloud-registry/import/queue.ts';
import type { CloudRegistries } from './cloud-registry/registries.ts';
import type { Operations } from './store/operations.ts';

/** What an operation does, in the words of the route that began it. */
const workSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('create-registry'),
    registry: z.custom<ResourceKey>((key) => typeof key === 'string'),
  }),
  z.object({
    kind: z.literal('import'),
    job: z.custom<ImportJob>((job) => typeof job === 'object' && job !== null),
  }),
]);
export type OperationWork = z.infer<typeof workSchema>;

export async function resumeOperations({
  operations,
  longRunning,
  registries,
  imports,
}: {
  operations: Operations;
  longRunning: LongRunning;
  registries: CloudRegistries;
  imports: Imports;
}): Promise<void> {
  for (const operation of await operations.running()) {
    longRunning.resume(operation, async () => {
      const work = workSchema.safeParse(operation.work);
      if (!work.success) {
        throw new ArmError(
          'InternalServerError',
          'The control plane was restarted and cannot go on with it.',
        );
      }
      if (work.data.kind === 'create-registry') await registries.create(work.data.registry);
      else await imports.run(work.data.job);
    });
  }
}
