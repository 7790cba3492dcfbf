// Imports in the background: a bounded number at once, in the order they were asked for, taken up again after a
// restart.
import { createTurns } from '../../../registry-node/remote/transfers.ts';
import { ArmError } from '../../arm/errors.ts';
import { OperationStopped } from '../../arm/long-running.ts';
import type { ImportJob } from './job.ts';
import { type ImportRequest, type ImportSurroundings, runImport } from './run.ts';

const importsMax = 4;
const importsUnendedMax = 1000;

export interface Imports {
  /** @throws ArmError TooManyRequests */
  refuseWhenFull(): void;
  /**
   * Resolves when the image is there. @throws ArmError saying why not; OperationStopped when the control plane stops
   */
  run(job: ImportJob, request: ImportRequest): Promise<void>;
}

export function createImports(surroundings: ImportSurroundings): Imports {
  const { stop } = surroundings;
  const turns = createTurns();
  let unended = 0;
  const refuseWhenFull = (): void => {
    if (unended < importsUnendedMax) return;
    throw new ArmError(
      'TooManyRequests',
      `${importsUnendedMax} imports have not ended yet. Try again when some have.`,
    );
  };
  return {
    refuseWhenFull,
    run: async (job, request) => {
      // Others may have come since this one was let in.
      if (!request.isResumed) refuseWhenFull();
      unended += 1;
      try {
        const done = await turns.take(importsMax, stop);
        await runImport(surroundings, job, request).finally(done);
      } catch (error) {
        throw stop.aborted ? new OperationStopped() : error;
      } finally {
        unended -= 1;
      }
    },
  };
}
