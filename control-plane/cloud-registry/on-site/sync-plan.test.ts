// Whether what is left to copy fits the disk and the window.
import { assert, describe } from '../../../fixtures/describe.ts';
import { nodeStatusOf } from '../../../fixtures/node-status.ts';
import type { NodeStatus } from '../../../registry-node/gateway/protocol.ts';
import { parseRepositoryName } from '../../../registry-node/oci/name.ts';
import type { SiteContent } from './site-content.ts';
import { planOf, type SyncPlan } from './sync-plan.ts';

const now = new Date('2026-05-04T01:30:00Z');
const nightly = { schedule: '0 2 * * *', syncWindow: 'PT1H' };
const always = { schedule: '* * * * *' };
const content = (bytesLeft: number): SiteContent => ({
  known: true,
  removals: [],
  repositories: [
    {
      name: parseRepositoryName('app'),
      tags: [],
      manifests: 3,
      manifestsLeft: bytesLeft > 0 ? 1 : 0,
      bytesLeft,
    },
  ],
});
const came = (receivedBytes: number) => ({ receivedBytes, sentBytes: 0, savedBytes: 0 });

describe('a plan', ({ test }) => {
  const rows: {
    name: string;
    bytesLeft: number;
    schedule?: { schedule: string; syncWindow?: string };
    status?: Partial<NodeStatus>;
    at?: string;
    says: Partial<SyncPlan>;
  }[] = [
    {
      name: 'fits when there is nothing to copy',
      bytesLeft: 0,
      schedule: nightly,
      says: { fitsWindow: true },
    },
    {
      name: 'is less by what has come of the copy that runs',
      bytesLeft: 1000,
      status: { state: 'Syncing', freeBytes: 600, traffic: { run: came(400), total: came(5000) } },
      says: { bytesLeft: 600, fitsDisk: true },
    },
    {
      name: 'is not less by a copy that has ended',
      bytesLeft: 1000,
      status: { traffic: { run: came(400), total: came(5000) } },
      says: { bytesLeft: 1000 },
    },
    {
      name: 'fits the disk to the last byte',
      bytesLeft: 1000,
      status: { freeBytes: 1000 },
      says: { fitsDisk: true },
    },
    {
      name: 'does not fit a disk that is a byte short',
      bytesLeft: 1001,
      status: { freeBytes: 1000 },
      says: { fitsDisk: false },
    },
    { name: 'says nothing of a disk that was not told of', bytesLeft: 1, says: { fitsDisk: undefined } },
    {
      name: 'fits a window that is long enough',
      bytesLeft: 3600,
      schedule: nightly,
      status: { bytesPerSecond: 1 },
      says: { fitsWindow: true, secondsNeeded: 3600 },
    },
    {
      name: 'does not fit a window that is a second short',
      bytesLeft: 3601,
      schedule: nightly,
      status: { bytesPerSecond: 1 },
      says: {
        fitsWindow: false,
        secondsNeeded: 3601,
        estimatedEnd: new Date('2026-05-05T02:00:01Z'),
      },
    },
    {
      name: 'has only what is left of a window that is open',
      bytesLeft: 3600,
      schedule: nightly,
      status: { bytesPerSecond: 1 },
      at: '2026-05-04T02:00:01Z',
      says: { fitsWindow: false },
    },
    {
      name: 'says nothing of a window before a speed was measured',
      bytesLeft: 1,
      schedule: nightly,
      says: { fitsWindow: undefined, secondsNeeded: undefined },
    },
    { name: 'always fits a schedule without an end', bytesLeft: 10 ** 12, says: { fitsWindow: true } },
    {
      name: 'never fits a schedule that has no occurrence',
      bytesLeft: 1,
      schedule: { schedule: '0 0 30 2 *', syncWindow: 'PT1H' },
      says: { fitsWindow: false },
    },
  ];
  for (const { name, bytesLeft, schedule = always, status, at, says } of rows) {
    test(name, () => {
      const plan = planOf(
        content(bytesLeft),
        schedule,
        status && nodeStatusOf(now, status),
        at ? new Date(at) : now,
      );
      assert.deepEqual({ ...plan, ...says }, plan);
    });
  }

  test('lists a thousand lines and counts the others', () => {
    const repositories = Array.from({ length: 1002 }, (_, number) => ({
      ...content(1).repositories[0]!,
      name: parseRepositoryName(`app${number}`),
    }));
    const plan = planOf({ known: true, removals: [], repositories }, always, undefined, now);
    assert.deepEqual([plan.copies.length, plan.unlisted, plan.bytesLeft], [1000, 2, 1002]);
  });
});
