// Ends a process that this ACRC_HOME started: asks it to (SIGTERM), and waits until it is gone, within a bound.
import type { Context } from '../context.ts';
import { failure } from '../errors.ts';
import { isAlive, release, type RunRecord } from './run-record.ts';

const stopMaxMs = 30_000;
const checkEveryMs = 50;

/** @throws CliError when it still runs at the end of the bound */
export async function stop(context: Context, record: RunRecord): Promise<void> {
  const { kind, name, pid } = record;
  if (await isAlive(record)) context.process.kill(pid, 'SIGTERM');
  for (let waited = 0; await isAlive(record); waited += checkEveryMs) {
    if (waited >= stopMaxMs) {
      throw failure(
        `${kind} '${name}' (process ${pid}) still runs ${stopMaxMs / 1000} s after it was asked to stop.`,
        `It may be finishing a transfer: wait, or end it at once with 'kill -9 ${pid}', after which it recovers by itself.`,
      );
    }
    await context.clock.sleep(checkEveryMs);
  }
  // Left behind by a process that was killed.
  await release(context.home, record);
}
