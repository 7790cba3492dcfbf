// How long to wait after a failure: doubling from a quarter of a second, spread by chance so that many nodes do not
// come back in step, and never above the bound of the failure's kind.
export interface Backoff {
  /** The wait after one more failure. `atLeastMs` is what the parent asked for (Retry-After). */
  nextMs(maxMs: number, atLeastMs?: number): number;
  /** Something worked: the next failure waits the least again. */
  reset(): void;
}

const firstMs = 250;

/** @param random from 0 to 1, as Math.random */
export function createBackoff(random: () => number): Backoff {
  let failures = 0;
  return {
    nextMs(maxMs, atLeastMs = 0) {
      const ceilingMs = Math.min(firstMs * 2 ** Math.min(failures++, 20), maxMs);
      return Math.max(ceilingMs / 2 + (random() * ceilingMs) / 2, atLeastMs);
    },
    reset() {
      failures = 0;
    },
  };
}
