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
  const { clock, name, random, status } = context;
  const { key, work, signal, onFailure } = attempts;
  const backoff = createBackoff(random);
  while (!signal.aborted) {
    try {
      const result = await work();
      backoff.reset();
      status.attempted(key);
      status.clear(key);
      if (result === 'done') return;
    } catch (error) {
      if (signal.aborted) return;
      const failure = judge(error, name);
      if (!failure.informs) status.attempted(key, failure);
      onFailure?.(failure);
      const delayMs = backoff.nextMs(failure.retryMaxMs, failure.retryAtLeastMs);
      tell(context, key, { error, failure, delayMs });
      await clock.sleep(delayMs, signal).catch(() => undefined);
    }
  }
}

interface Failed {
  error: unknown;
  failure: Failure;
  delayMs: number;
}

/** What informs is told once, whichever work meets it, and in place of the work's trouble. */
function tell({ logger, status }: SyncContext, key: string, { error, failure, delayMs }: Failed): void {
  const { informs, trouble } = failure;
  if (informs) status.clear(key);
  const isNew = status.raise(informs ? trouble.code : key, trouble);
  const level = informs ? 'info' : 'warn';
  // The message of what is expected, or of a remote error, says all; a stack helps only with what nobody expected.
  const defect = informs || isRemoteError(error) ? {} : { err: error };
  logger[isNew ? level : 'debug'](
    { work: key, delayMs: Math.round(delayMs), ...defect },
    trouble.description,
  );
}
