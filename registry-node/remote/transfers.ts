// Blobs on their way into a registry. However many copies run into the same content, a blob is fetched once at a time, because
// its unfinished file has one writer, and no more than the bound of them move at once.
import type { Content } from '../content/content.ts';
import type { Digest } from '../oci/digest.ts';

export interface Transfers {
  /**
   * Runs `fetch` for `digest` unless someone else does, then waits for theirs. Waits for its turn while
   * `transfersMax` or more are running. @throws what the fetch throws; the reason of `signal` while waiting
   */
  once(
    digest: Digest,
    transfersMax: number,
    signal: AbortSignal | undefined,
    fetch: () => Promise<void>,
  ): Promise<void>;
  /**
   * Reads a manifest while fewer than `readsMax` others are read. Their turns are their own: what is behind them is known
   * while the blobs before it still move. @throws what the read throws; the reason of `signal` while waiting
   */
  read<T>(readsMax: number, signal: AbortSignal | undefined, read: () => Promise<T>): Promise<T>;
  /** Whether somebody fetches it, or waits for a turn to. */
  isUnderWay(digest: Digest): boolean;
}

/** Keyed by the content itself, so that an import and a synchronisation that do not know each other meet here. */
const byTarget = new WeakMap<Content, Transfers>();

export function transfersInto(target: Content): Transfers {
  const known = byTarget.get(target);
  if (known) return known;
  const transfers = createTransfers();
  byTarget.set(target, transfers);
  return transfers;
}

export function createTransfers(): Transfers {
  const inFlight = new Map<Digest, Promise<void>>();
  const moving = createTurns();
  const reading = createTurns();
  return {
    read: (readsMax, signal, read) => inTurn(reading, readsMax, signal, read),
    isUnderWay: (digest) => inFlight.has(digest),
    async once(digest, transfersMax, signal, fetch) {
      const theirs = inFlight.get(digest);
      if (theirs) {
        // Their failure may be their own (an abort, their credentials): the caller's attempt is not used up by it.
        const failed = await theirs.then(
          () => false,
          () => true,
        );
        return failed ? this.once(digest, transfersMax, signal, fetch) : undefined;
      }
      const ours = inTurn(moving, transfersMax, signal, fetch);
      inFlight.set(digest, ours);
      try {
        await ours;
      } finally {
        inFlight.delete(digest);
      }
    },
  };
}

async function inTurn<T>(
  turns: Turns,
  max: number,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const done = await turns.take(max, signal);
  try {
    return await work();
  } finally {
    done();
  }
}

type Turns = ReturnType<typeof createTurns>;

/** A semaphore whose bound may differ from one taker to the next. First come, first served. */
export function createTurns() {
  let running = 0;
  const waiting: { max: number; start: () => void }[] = [];
  const next = (): void => {
    while (waiting[0] && running < waiting[0].max) {
      running++;
      waiting.shift()!.start();
    }
  };
  return {
    async take(max: number, signal: AbortSignal | undefined): Promise<() => void> {
      signal?.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(turn), 1);
          reject(signal?.reason);
        };
        const start = (): void => {
          signal?.removeEventListener('abort', giveUp);
          resolve();
        };
        const turn = { max, start };
        waiting.push(turn);
        signal?.addEventListener('abort', giveUp, { once: true });
        next();
      });
      return () => {
        running--;
        next();
      };
    },
  };
}
