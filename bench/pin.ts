// A process on a core of its own, so that who asks takes nothing from who answers.
import { succeed } from '../fixtures/command.ts';

/** All threads of the process. */
export async function pin(pid: number, core: number): Promise<void> {
  await succeed('taskset', ['-a', '-p', '-c', String(core), String(pid)]);
}
