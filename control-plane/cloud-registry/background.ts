// Work in a registry that outlives the request that began it. It is told to end, and waited for, before the registry
// closes: what closes next is what it works with.

export interface Background {
  /** Aborts when the registry closes. */
  readonly ending: AbortSignal;
  /** @throws the reason of `ending` when that has begun; what `work` throws */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing runs any more. */
  end(): Promise<void>;
}

export function createBackground(): Background {
  const ending = new AbortController();
  const running = new Set<Promise<unknown>>();
  return {
    ending: ending.signal,
    run: async (work) => {
      ending.signal.throwIfAborted();
      const done = work();
      running.add(done);
      try {
        return await done;
      } finally {
        running.delete(done);
      }
    },
    end: async () => {
      ending.abort();
      await Promise.allSettled(running);
    },
  };
}
