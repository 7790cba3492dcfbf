// How often an import is tried. A source that was never heard is given up at once, so that whoever mistyped a host
// learns it in a moment; one that answered and then failed, or was cut, is tried again for as long as bytes arrive.
import type { Clock } from '../../../registry-node/clock.ts';
import { isRemoteError } from '../../../registry-node/remote/errors.ts';

/** Waits before the second and further attempts; of no use when the source asks for more patience than `patienceMs`. */
const retryAfterMs = [1000, 5000, 20_000] as const;
const patienceMs = 120_000;
/** However many bytes each of them brings. */
const attemptsMax = 100;

export interface Attempts {
  attempt: () => Promise<void>;
  /** Whether the source was heard. */
  hasBegun: () => boolean;
  /** Bytes that are there. */
  bytes: () => number;
  clock: Clock;
  signal: AbortSignal;
}

/** @throws what the last attempt throws; the reason of `signal` */
export async function persist({ attempt, hasBegun, bytes, clock, signal }: Attempts): Promise<void> {
  let tries = 0;
  for (let attempts = 1; ; attempts++) {
    const bytesBefore = bytes();
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (bytes() > bytesBefore) tries = 0;
      const waitMs = retryAfterMs[tries++];
      const mayPass =
        isRemoteError(error, 'busy', 'failed') || (isRemoteError(error, 'unreachable') && hasBegun());
      const wantedMs = isRemoteError(error) ? (error.retryAfterMs ?? 0) : 0;
      if (waitMs === undefined || !mayPass || wantedMs > patienceMs || attempts >= attemptsMax) throw error;
      await clock.sleep(Math.max(waitMs, wantedMs), signal);
    }
  }
}
