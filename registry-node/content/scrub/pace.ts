// A bound on how many bytes a scrub reads in a second, so that pulls hardly notice it.
import type { Clock } from '../../clock.ts';

/** Waits shorter than this are saved up: a timer costs more than they are worth. */
const waitMsMin = 20;

/** @returns the call to make after reading so many bytes: it resolves when the next may be read */
export function createPace(
  clock: Clock,
  bytesPerSecond: number,
  signal: AbortSignal | undefined,
): (bytes: number) => Promise<void> {
  let freeAt = 0;
  return async (bytes) => {
    const now = clock.now().getTime();
    // What was saved up is never more: a clock that is set back must not stop the scrub.
    freeAt = Math.min(Math.max(freeAt, now), now + waitMsMin) + (bytes / bytesPerSecond) * 1000;
    signal?.throwIfAborted();
    if (freeAt - now >= waitMsMin) await clock.sleep(freeAt - now, signal);
  };
}
