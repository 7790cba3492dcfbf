// The node's link to its parent: paced, bounded and counted in one place, whatever moves on it. Totals and what is spent
// of the budgets are kept in the data folder.
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { openDocument } from '../../data-folder/document.ts';
import type { TrafficCounts } from '../../gateway/protocol.ts';
import type { Digest } from '../../oci/digest.ts';
import type { Direction, Traffic } from '../../remote/traffic.ts';
import { type BudgetLimits, BudgetSpent, createBudget, type SpentBudget, spendingSchema } from './budget.ts';
import { createChunks } from './chunks.ts';
import { createCounters, totalSchema } from './counters.ts';
import { createPace } from './pace.ts';

export interface SyncTraffic extends Traffic {
  /** The budget that holds all transfers back now. */
  spent(): SpentBudget | undefined;
  /** See Chunks. */
  finishChunks(graceMs: number): Promise<void>;
  /** A synchronisation begins. See Counters. */
  beginRun(): void;
  counts(): { total: TrafficCounts; run: TrafficCounts };
  /** Saves. */
  close(): Promise<void>;
}

export interface TrafficOptions {
  /** The document's file in the data folder. */
  path: string;
  bytesPerSecond?: number | undefined;
  budget: BudgetLimits;
  windowEnds: () => Date | undefined;
  clock: Clock;
}

const storedSchema = z.object({ total: totalSchema, spending: spendingSchema }).partial();

/** A crash forgets what passed in the last second. */
const saveIntervalMs = 1000;

export async function openTraffic(options: TrafficOptions): Promise<SyncTraffic> {
  const { path, bytesPerSecond, budget: limits, windowEnds, clock } = options;
  const document = await openDocument(path, storedSchema, {});
  const counters = createCounters(document.value.total);
  const budget = createBudget({ limits, spending: document.value.spending, windowEnds, clock });
  const chunks = createChunks(clock);
  const pace = createPace(bytesPerSecond, clock);
  let savedAtMs = clock.now().getTime();
  let saving: Promise<void> = Promise.resolve();

  const save = (): Promise<void> => {
    savedAtMs = clock.now().getTime();
    saving = document.save({ total: { ...counters.total }, spending: budget.spending });
    return saving;
  };
  const count = (direction: Direction, bytes: number, digest?: Digest): void => {
    counters.count(direction, bytes, digest);
    budget.spend(bytes);
    const sinceMs = Math.abs(clock.now().getTime() - savedAtMs);
    // A disk that fails is told of by the copy itself, and the next save has these bytes too.
    if (sinceMs >= saveIntervalMs) save().catch(() => undefined);
  };
  const admit = (): void => {
    const spent = budget.spent();
    if (spent) throw new BudgetSpent(spent);
  };

  const received: Traffic['received'] = (digest, body, signal) => (take) =>
    body((piece) => {
      const { length } = piece;
      const taking = take(piece);
      count('received', length, digest);
      const pass = (): Promise<void> | undefined => {
        admit();
        return pace.pass(length, signal);
      };
      return taking ? taking.then(pass) : pass();
    });

  async function* sent(
    digest: Digest,
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal | undefined,
  ): AsyncIterable<Uint8Array> {
    for await (const chunk of body) {
      for (let start = 0; start < chunk.length; start += pace.pieceBytesMax) {
        const piece = chunk.subarray(start, Math.min(start + pace.pieceBytesMax, chunk.length));
        admit();
        await pace.pass(piece.length, signal);
        count('sent', piece.length, digest);
        yield piece;
      }
    }
  }

  return {
    chunk: (signal, move) =>
      chunks.move(signal, () => {
        admit();
        return move();
      }),
    finishChunks: (graceMs) => chunks.finish(graceMs),
    received,
    sent,
    async manifest(direction, bytes, signal) {
      count(direction, bytes);
      await pace.pass(bytes, signal);
    },
    whole: counters.whole,
    spent: () => budget.spent(),
    beginRun: () => counters.beginRun(),
    counts: () => ({ total: { ...counters.total }, run: { ...counters.run } }),
    async close() {
      await saving.catch(() => undefined);
      await save().catch(() => undefined);
    },
  };
}
