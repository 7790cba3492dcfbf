// Waiting for something to happen without missing what happens just before the wait: a ring is remembered until it
// is heard. Used where a round or the engine sleeps until there is work.
import type { Clock } from '../clock.ts';

export interface Bell {
  ring(): void;
  /** @returns true when it rang (since the last wait), false when `ms` passed or `signal` aborted first */
  wait(ms: number, signal?: AbortSignal): Promise<boolean>;
}

export function createBell(clock: Clock): Bell {
  let rung = false;
  let hear: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      hear?.();
    },
    async wait(ms, signal) {
      if (!rung && !signal?.aborted && ms > 0) {
        const heard = new AbortController();
        hear = () => heard.abort();
        const ends = signal ? AbortSignal.any([heard.signal, signal]) : heard.signal;
        await clock.sleep(ms, ends).catch(() => undefined);
        hear = undefined;
      }
      const result = rung;
      rung = false;
      return result;
    },
  };
}
