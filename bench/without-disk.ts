// The push of small blobs once more, to registries of its own whose data folders are in memory, where a sync costs nothing:
// what is left is what a push costs the processor.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startAcrc } from './contestants/acrc.ts';
import type { Contestant } from './contestants/contestant.ts';
import { startDockerRegistry } from './contestants/docker-registry.ts';
import { compareInTurns } from './in-turns.ts';
import type { Comparison } from './report.ts';
import { repository, workWithoutDisk } from './works.ts';

/** A tmpfs on every Linux. */
const memory = '/dev/shm';

export async function compareWithoutDisk(): Promise<Comparison> {
  const folder = await mkdtemp(join(memory, 'acrc-bench-'));
  const started: Contestant[] = [];
  try {
    started.push(await startAcrc(repository, folder));
    started.push(await startDockerRegistry(join(folder, 'docker-registry'), repository));
    return await compareInTurns(workWithoutDisk, started);
  } finally {
    for (const contestant of started.toReversed()) await contestant.close();
    await rm(folder, { recursive: true, force: true });
  }
}
