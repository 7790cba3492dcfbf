// The chunks that move now. A node that is asked to stop ends between two of them, so that the next start asks for no byte again.
import type { Clock } from '../../clock.ts';

export interface Chunks {
  /** See Traffic.chunk. */
  move<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
  /** From now on none begins. Resolves when those that move have ended, or after `graceMs`. */
  finish(graceMs: number): Promise<void>;
}

export function createChunks(clock: Clock): Chunks {
  let moving = 0;
  let finishing = false;
  const ended = new AbortController();
  return {
    async move(signal, work) {
      if (finishing) await untilAborted(signal);
      moving++;
      try {
        return await work();
      } finally {
        moving--;
        if (finishing && moving === 0) ended.abort();
      }
    },
    async finish(graceMs) {
      finishing = true;
      if (moving > 0) await clock.sleep(graceMs, ended.signal).catch(() => undefined);
    },
  };
}

/** @throws the reason of `signal` */
function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  if (!signal || signal.aborted) throw signal?.reason ?? new Error('the node is being stopped');
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
