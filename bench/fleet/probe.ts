// Somebody else at the same control plane: one small request after the other, each with its time.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RawRegistry } from '../../fixtures/clients/raw-registry.ts';

export interface Probe {
  /** Milliseconds of each request that was answered since the last call; one that is still waiting counts with its time so far. */
  take(): number[];
  end(): Promise<void>;
}

const restMs = 5;

export function startProbe(registry: RawRegistry): Probe {
  let timesMs: number[] = [];
  let askedAt = performance.now();
  const ending = new AbortController();
  const running = (async () => {
    while (!ending.signal.aborted) {
      askedAt = performance.now();
      await (await registry.request('HEAD', 'tags/list')).arrayBuffer();
      timesMs.push(performance.now() - askedAt);
      await sleep(restMs);
    }
  })();
  running.catch(() => undefined);
  return {
    take: () => {
      const taken = [...timesMs, Math.max(performance.now() - askedAt - restMs, 0)];
      timesMs = [];
      return taken;
    },
    end: async () => {
      ending.abort();
      await running;
    },
  };
}
