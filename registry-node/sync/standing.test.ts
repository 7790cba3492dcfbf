// In which word a node says how its synchronisation stands.
import { assert, describe } from '../../fixtures/describe.ts';
import { configurationOf } from '../../fixtures/configuration.ts';
import { newStatus } from '../../fixtures/engine-status.ts';
import { systemClock } from '../clock.ts';
import type { NodeStatus } from '../gateway/protocol.ts';
import { judge } from './failures.ts';
import { RemoteError } from '../remote/errors.ts';
import { standingOf } from './standing.ts';
import { BudgetSpent } from './traffic/budget.ts';

const now = new Date('2026-05-04T12:00:00Z');
const clock = { ...systemClock, now: () => now };
const always = configurationOf('site1');
const nightly = configurationOf('site1', { schedule: '0 2 * * *', syncWindow: 'PT1H' });

/** Its name was taken, and a round failed at that. */
async function standingAfter(error: Error | undefined, configuration = always): Promise<object> {
  const status = newStatus({ clock });
  status.attempted('activation');
  const failure = error && judge(error, 'site1');
  status.attempted('pull', failure);
  if (failure) status.raise('pull', failure.trouble);
  const told: NodeStatus = await status.snapshot();
  return standingOf({ clock, status, directory: { configuration } as never }, told);
}

const budget = { which: 'day', limitBytes: 1, until: now } as const;

describe('the standing of a node', ({ test }) => {
  for (const [when, error, standing] of [
    ['nothing is wrong', undefined, 'Online'],
    ['its parent does not answer', new RemoteError('unreachable', 'x'), 'Offline'],
    ['its parent refuses it', new RemoteError('unauthorized', 'x'), 'Offline'],
    ['its disk is full', Object.assign(new Error('x'), { code: 'ENOSPC' }), 'Unhealthy'],
  ] as const) {
    test(`is ${standing} when ${when}`, async () => {
      assert.deepEqual(await standingAfter(error), { standing });
    });
  }

  test('stays Online when a budget is spent, which is no failure', async () => {
    const failure = judge(new BudgetSpent(budget), 'site1');
    assert.deepEqual([failure.informs, failure.trouble.code], [true, 'SyncBudgetSpent']);
    const status = newStatus({ clock });
    status.attempted('activation');
    status.raise(failure.trouble.code, failure.trouble);
    const directory = { configuration: always } as never;
    assert.deepEqual(standingOf({ clock, status, directory }, await status.snapshot()), {
      standing: 'Online',
    });
  });

  test('is Offline before it has its name', async () => {
    const status = newStatus({ clock });
    const directory = { configuration: undefined } as never;
    assert.deepEqual(standingOf({ clock, status, directory }, await status.snapshot()), {
      standing: 'Offline',
    });
  });

  test('is Waiting outside its window, whatever was wrong before', async () => {
    const waiting = { standing: 'Waiting', opens: '2026-05-05T02:00:00.000Z' };
    assert.deepEqual(await standingAfter(undefined, nightly), waiting);
    assert.deepEqual(await standingAfter(new RemoteError('unreachable', 'x'), nightly), waiting);
  });
});
