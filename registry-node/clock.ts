// Time as a dependency: a test moves it by hand and never waits for a schedule.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Clock {
  now(): Date;
  /** Resolves after `ms` milliseconds. @throws AbortError when `signal` aborts first */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A timer of Node that is longer fires at once. */
const timerMsMax = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    let leftMs = ms;
    do {
      await sleep(Math.min(leftMs, timerMsMax), undefined, signal ? { signal } : undefined);
      leftMs -= timerMsMax;
    } while (leftMs > 0);
  },
};

/** A bound on some work by a clock: `signal` aborts when `ms` have passed. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** The work has ended: nothing waits for the time to pass any more. */
  end(): void;
}

export function startDeadline(clock: Clock, ms: number): Deadline {
  const passed = new AbortController();
  const ended = new AbortController();
  clock.sleep(ms, ended.signal).then(
    () => passed.abort(),
    () => undefined,
  );
  return { signal: passed.signal, end: () => ended.abort() };
}
