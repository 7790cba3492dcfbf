// What is spent of a window and of a day, at moments that the test chooses.
import { assert, describe } from '../../../fixtures/describe.ts';
import { type BudgetLimits, BudgetSpent, createBudget, type Spending, spentBudgetIn } from './budget.ts';

const at = (text: string): Date => new Date(`2026-03-${text}Z`);

function budgetAt(moment: Date, limits: BudgetLimits, before?: Spending) {
  let now = moment;
  let ends: Date | undefined;
  const budget = createBudget({
    limits,
    spending: before,
    windowEnds: () => ends,
    clock: { now: () => now, sleep: async () => undefined },
  });
  return {
    budget,
    be: (moment: Date, windowEnds?: Date): void => {
      [now, ends] = [moment, windowEnds];
    },
  };
}

describe('a budget', ({ test }) => {
  test('of a day is spent until the next day in UTC, also when the clock is set back', () => {
    const { budget, be } = budgetAt(at('10T23:00:00'), { dayBytes: 1000 });
    budget.spend(999);
    assert.equal(budget.spent(), undefined);
    budget.spend(1);
    assert.deepEqual(budget.spent(), { which: 'day', limitBytes: 1000, until: at('11T00:00:00') });
    be(at('10T01:00:00'));
    assert.equal(budget.spent()?.which, 'day');
    be(at('11T00:00:00'));
    assert.equal(budget.spent(), undefined);
  });

  test('of a window is spent until it closes, and the next window has its own', () => {
    const { budget, be } = budgetAt(at('10T01:59:00'), { windowBytes: 1000 });
    budget.spend(5000);
    assert.equal(budget.spent(), undefined, 'outside a window there is none');
    be(at('10T02:00:00'), at('10T03:00:00'));
    budget.spend(1000);
    assert.deepEqual(budget.spent(), { which: 'window', limitBytes: 1000, until: at('10T03:00:00') });
    be(at('10T14:00:00'), at('10T15:00:00'));
    assert.equal(budget.spent(), undefined);
  });

  test('that lasts longer is the one that is told', () => {
    const { budget, be } = budgetAt(at('10T01:00:00'), { windowBytes: 10, dayBytes: 10 });
    be(at('10T02:00:00'), at('10T03:00:00'));
    budget.spend(10);
    assert.equal(budget.spent()?.which, 'day');
  });

  test('counts on from what was spent before a restart', () => {
    const { budget: first, be } = budgetAt(at('10T02:00:00'), { windowBytes: 100, dayBytes: 100 });
    be(at('10T02:00:02'), at('10T03:00:00'));
    first.spend(60);
    const stored = JSON.parse(JSON.stringify(first.spending)) as Spending;
    const { budget: second, be: beThen } = budgetAt(at('10T02:30:00'), { windowBytes: 100 }, stored);
    beThen(at('10T02:30:02'), at('10T03:00:00'));
    second.spend(40);
    assert.equal(second.spent()?.which, 'window');
    const { budget: later } = budgetAt(at('11T00:00:01'), { dayBytes: 100 }, stored);
    later.spend(60);
    assert.equal(later.spent(), undefined);
  });

  test('says what happened, when it goes on, and what to do, and is found as a cause', () => {
    const spent = { which: 'day', limitBytes: 2_500_000, until: at('11T00:00:00') } as const;
    const error = new BudgetSpent(spent);
    assert.match(
      error.message,
      /^The day's budget of 2\.5 MB is spent.* 2026-03-11T00:00:00Z;.*--day-budget\.$/,
    );
    assert.equal(spentBudgetIn(new Error('the upload was cut', { cause: error })), error);
    assert.equal(spentBudgetIn(new Error('the upload was cut')), undefined);
  });
});
