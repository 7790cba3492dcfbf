// How many bytes a node may move in a sync window and in a day (UTC). What is spent outlives the process; when all is
// spent, transfers stop where they are, and go on there when the next window opens or the next day begins.
import { z } from 'zod';
import type { Clock } from '../../clock.ts';

export const spendingSchema = z.object({
  day: z.object({ date: z.string(), bytes: z.number().min(0) }),
  /** Absent: nothing moved inside a window yet. A window is known by its end. */
  window: z.object({ ends: z.string(), bytes: z.number().min(0) }).optional(),
});
export type Spending = z.infer<typeof spendingSchema>;

export interface BudgetLimits {
  windowBytes?: number | undefined;
  dayBytes?: number | undefined;
}

export interface SpentBudget {
  which: 'window' | 'day';
  limitBytes: number;
  /** The end of the window, or of the day. */
  until: Date;
}

export interface Budget {
  spend(bytes: number): void;
  /** The budget that holds everything back now; of two that do, the one that does so longer. */
  spent(): SpentBudget | undefined;
  readonly spending: Spending;
}

export interface BudgetOptions {
  limits: BudgetLimits;
  /** What was spent before. */
  spending: Spending | undefined;
  /** When the window that is open now closes; undefined: there are no windows, and no budget of one. */
  windowEnds: () => Date | undefined;
  clock: Clock;
}

export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
  readonly budget: SpentBudget;

  constructor(budget: SpentBudget) {
    super(sayBudgetSpent(budget));
    this.budget = budget;
  }
}

/** A failed request names what stopped its body as the cause. */
export function spentBudgetIn(error: unknown): BudgetSpent | undefined {
  if (error instanceof BudgetSpent) return error;
  return error instanceof Error && error.cause instanceof BudgetSpent ? error.cause : undefined;
}

const dayMs = 24 * 3_600_000;
const lookAgainMs = 1000;

export function createBudget({ limits, spending: before, windowEnds, clock }: BudgetOptions): Budget {
  let spending: Spending = before ?? { day: { date: dateOf(clock.now()), bytes: 0 } };
  let ends: Date | undefined;
  let lookedAtMs = -Infinity;
  /** Leaves out what belongs to an earlier day or window. Asked for each piece that passes, so it looks once in a second. */
  const look = (): void => {
    const now = clock.now();
    if (Math.abs(now.getTime() - lookedAtMs) < lookAgainMs) return;
    lookedAtMs = now.getTime();
    ends = windowEnds();
    const date = dateOf(now);
    const window = ends?.toISOString();
    if (spending.day.date !== date) spending = { ...spending, day: { date, bytes: 0 } };
    if (window !== undefined && spending.window?.ends !== window) {
      spending = { ...spending, window: { ends: window, bytes: 0 } };
    }
  };
  return {
    get spending() {
      return spending;
    },
    spend(bytes) {
      look();
      spending.day.bytes += bytes;
      if (ends && spending.window) spending.window.bytes += bytes;
    },
    spent() {
      const { windowBytes, dayBytes } = limits;
      if (windowBytes === undefined && dayBytes === undefined) return undefined;
      look();
      const { day, window } = spending;
      const found: SpentBudget[] = [];
      if (dayBytes !== undefined && day.bytes >= dayBytes) {
        const until = new Date(Date.parse(`${day.date}T00:00:00Z`) + dayMs);
        found.push({ which: 'day', limitBytes: dayBytes, until });
      }
      if (windowBytes !== undefined && ends && window && window.bytes >= windowBytes) {
        found.push({ which: 'window', limitBytes: windowBytes, until: ends });
      }
      return found.sort((left, right) => right.until.getTime() - left.until.getTime())[0];
    },
  };
}

function dateOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** What happened, why, and what to do next. */
export function sayBudgetSpent({ which, limitBytes, until }: SpentBudget): string {
  const megabytes = `${(limitBytes / 1_000_000).toLocaleString('en', { useGrouping: false, maximumFractionDigits: 3 })} MB`;
  const moment = until.toISOString().replace(/\.\d+Z$/, 'Z');
  const goesOn = which === 'day' ? `at ${moment}` : `in the next window (this one closes at ${moment})`;
  return (
    `The ${which}'s budget of ${megabytes} is spent, so nothing is transferred. It goes on by itself, from where it ` +
    `stopped, ${goesOn}; pulls are served. To go on now, start the node with a larger --${which}-budget.`
  );
}
