// Guessing costs time: an address from which sign-ins fail too often is not listened to for a while. Who signs in successfully
// is never counted, so a site of a hundred machines behind one address signs in as often as it likes.
import { BoundedMap } from '../bounded-map.ts';
import type { Clock } from '../clock.ts';
import { OciError } from '../oci/errors.ts';
import { limits } from '../oci/limits.ts';
import { networkOf } from './network.ts';

export interface FailedAttempts {
  /** Until the address is listened to again; undefined when it is. */
  waitSeconds(address: string): number | undefined;
  /** @throws OciError TOOMANYREQUESTS, whose Retry-After says when the address is listened to again */
  refuseTooMany(address: string): void;
  /** Counts one that failed. */
  count(address: string): void;
}

interface Window {
  failures: number;
  /** Milliseconds since 1970. */
  begunAt: number;
}

/** What is remembered; a stranger with more networks than this is not held up by it, and fills no memory. */
const networksMax = 10_000;

export function createFailedAttempts(clock: Clock): FailedAttempts {
  const windows = new BoundedMap<Window>({ weightMax: networksMax });
  const nowMs = (): number => clock.now().getTime();
  const current = (network: string): Window | undefined => {
    const window = windows.get(network);
    const passedMs = window ? nowMs() - window.begunAt : -1;
    // One that has yet to begin began before the clock was set back.
    return passedMs >= 0 && passedMs < limits.signInFailuresWindowMs ? window : undefined;
  };
  const waitSeconds: FailedAttempts['waitSeconds'] = (address) => {
    const window = current(networkOf(address));
    if (!window || window.failures < limits.signInFailuresMax) return undefined;
    return Math.ceil((window.begunAt + limits.signInFailuresWindowMs - nowMs()) / 1000);
  };
  return {
    waitSeconds,
    refuseTooMany: (address) => {
      const seconds = waitSeconds(address);
      if (seconds === undefined) return;
      throw new OciError(
        'TOOMANYREQUESTS',
        `too many sign-ins from this address have failed; correct the password and try again in ${seconds} s`,
        undefined,
        { headers: { 'retry-after': String(seconds) } },
      );
    },
    count: (address) => {
      const network = networkOf(address);
      const window = current(network);
      if (window) window.failures += 1;
      else windows.set(network, { failures: 1, begunAt: nowMs() });
    },
  };
}
