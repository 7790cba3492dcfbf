// How fast content may pass, all transfers and both directions together. Each piece takes its time on the link after the
// piece before it, whoever sends it, so there is no queue to keep and nobody is starved.
import type { Clock } from '../../clock.ts';

export interface Pace {
  /** A piece above this would make a burst. */
  readonly pieceBytesMax: number;
  /** Resolves when the link is free again after `bytes`; undefined: it is free now. @throws the reason of `signal` */
  pass(bytes: number, signal: AbortSignal | undefined): Promise<void> | undefined;
}

/** What was lost by waking late is caught up with, and no more: a link that lay idle saves nothing up. */
const catchUpMs = 100;
/** Timers are not finer. */
const waitMinMs = 2;
const pieceBytesDefault = 64 * 1024;

/** @param bytesPerSecond undefined: as fast as it goes */
export function createPace(bytesPerSecond: number | undefined, clock: Clock): Pace {
  if (bytesPerSecond === undefined) return { pieceBytesMax: Infinity, pass: () => undefined };
  let freeAtMs = -Infinity;
  let seenMs = -Infinity;
  return {
    pieceBytesMax: Math.max(1, Math.min(pieceBytesDefault, Math.floor(bytesPerSecond / 4))),
    pass(bytes, signal) {
      const nowMs = clock.now().getTime();
      // A clock that was set back must not make the link wait for as long.
      if (nowMs < seenMs) freeAtMs -= seenMs - nowMs;
      seenMs = nowMs;
      freeAtMs = Math.max(freeAtMs, nowMs - catchUpMs) + (bytes * 1000) / bytesPerSecond;
      const waitMs = freeAtMs - nowMs;
      return waitMs < waitMinMs ? undefined : wait(clock, waitMs, signal);
    },
  };
}

async function wait(clock: Clock, waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  await clock.sleep(waitMs, signal).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
}
