// Repeats a piece of the engine's work until its session ends. A failure is told once, waited for, and forgotten when
// the work succeeds again; nothing that fails is ever repeated without a wait.
import { isRemoteError } from '../remote/errors.ts';
import { createBackoff } from './backoff.ts';
import type { SyncContext } from './context.ts';
import { type Failure, judge } from './failures.ts';

export interface Attempts {
  /** Names the work's trouble in the status. */
  key: string;
  /** Runs again and again; 'done' ends the repetition. */
  work: () => Promise<'again' | 'done'>;
  signal: AbortSignal;
  /** Called with each failure; what it throws ends the repetition. */
  onFailure?: ((failure: Failure) => void) | undefined;
}

export async function keepTrying(context: SyncContext, attempts: Attempts): Promise<void> {
  const { clock, logger, name, random, status } = context;
  const { key, work, signal, onFailure } = attempts;
  const backoff = createBackoff(random);
  while (!signal.aborted) {
    try {
      const result = await work();
      backoff.reset();
      status.attempted(key, true);
      status.clear(key);
      if (result === 'done') return;
    } catch (error) {
      if (signal.aborted) return;
      const failure = judge(error, name);
      status.attempted(key, false);
      onFailure?.(failure);
      const delayMs = backoff.nextMs(failure.retryMaxMs, failure.retryAtLeastMs);
      const isNew = status.raise(key, failure.trouble);
      // A remote error's message says all; a stack helps only with what nobody expected.
      const defect = isRemoteError(error) ? {} : { err: error };
      logger[isNew ? 'warn' : 'debug']({ work: key, delayMs, ...defect }, failure.trouble.description);
      await clock.sleep(delayMs, signal).catch(() => undefined);
    }
  }
}
