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
  const turns = createTurns();
  const inTurn = async (max: number, signal: AbortSignal | undefined, fetch: () => Promise<void>) => {
    const done = await turns.take(max, signal);
    try {
      await fetch();
    } finally {
      done();
    }
  };
  return {
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
      const ours = inTurn(transfersMax, signal, fetch);
      inFlight.set(digest, ours);
      try {
        await ours;
      } finally {
        inFlight.delete(digest);
      }
    },
  };
}

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
