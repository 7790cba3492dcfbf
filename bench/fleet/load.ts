// The process of the simulated nodes, and what is said to it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SimulatedNode } from './population.ts';

export type Command =
  | { do: 'connect'; certificateAuthority: string; nodes: readonly SimulatedNode[] }
  /** From now on each has a round that waits. */
  | { do: 'wait' }
  /** No more of that: rounds that find nothing, one after the other, on all nodes at once. */
  | { do: 'rounds'; forMs: number }
  | { do: 'end' };

export type Told =
  | { done: 'connect' }
  | { done: 'rounds'; rounds: number }
  | { done: 'wait' }
  /** All nodes know of the push; `atMs` is since 1970. */
  | { done: 'learnt'; digest: string; atMs: number };

export interface Load {
  readonly pid: number;
  connect(where: Omit<Extract<Command, { do: 'connect' }>, 'do'>): Promise<void>;
  wait(): Promise<void>;
  /** @returns how many there were */
  rounds(forMs: number): Promise<number>;
  /** Resolves when all of them know of the push, with the time since 1970 in ms. */
  learnt(digest: string): Promise<number>;
  close(): Promise<void>;
}

export function startLoad(): Load {
  const child = fork(fileURLToPath(new URL('nodes.ts', import.meta.url)));
  const exited = once(child, 'exit');
  const ended = exited.then(([code]) => {
    throw new Error(`the simulated nodes ended with exit code ${String(code)}`);
  });
  ended.catch(() => undefined);
  const answer = <D extends Told['done']>(
    done: D,
    fits: (told: Extract<Told, { done: D }>) => boolean = () => true,
  ): Promise<Extract<Told, { done: D }>> => {
    const told = new Promise<Extract<Told, { done: D }>>((resolve) => {
      const hear = (message: Told): void => {
        const candidate = message as Extract<Told, { done: D }>;
        if (message.done !== done || !fits(candidate)) return;
        child.off('message', hear);
        resolve(candidate);
      };
      child.on('message', hear);
    });
    return Promise.race([told, ended]);
  };
  const order = async <D extends Told['done']>(
    command: Command,
    done: D,
  ): Promise<Extract<Told, { done: D }>> => {
    const answered = answer(done);
    child.send(command);
    return answered;
  };
  return {
    pid: child.pid!,
    connect: async (where) => void (await order({ do: 'connect', ...where }, 'connect')),
    rounds: async (forMs) => (await order({ do: 'rounds', forMs }, 'rounds')).rounds,
    wait: async () => void (await order({ do: 'wait' }, 'wait')),
    learnt: async (digest) => (await answer('learnt', (told) => told.digest === digest)).atMs,
    close: async () => {
      // Whatever ended it before was told to who waited for it.
      if (!child.connected) return;
      child.send({ do: 'end' } satisfies Command);
      await exited;
    },
  };
}
