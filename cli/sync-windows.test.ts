// How far away sync windows are, told in JSON and in a table.
import { assert, describe } from '../fixtures/describe.ts';
import { requireWindow, syncWindowsOf } from './sync-windows.ts';
import { syncWindowsView } from './views/sync-windows.ts';

const now = new Date('2026-03-10T02:30:00Z');
const cells = (schedule: string, syncWindow?: string): unknown[][] => {
  const answer = syncWindowsOf({ name: 'ship1', schedule, syncWindow }, now);
  const columns = Object.values(syncWindowsView.columns!);
  return syncWindowsView.rows!(answer)
    .slice(0, 2)
    .map((row) => columns.map((cell) => cell(row)));
};

describe('the sync windows of a command', ({ test }) => {
  test('are counted in seconds from now', () => {
    const { open, windows } = syncWindowsOf(
      { name: 'ship1', schedule: '0 2 * * *', syncWindow: 'PT1H' },
      now,
    );
    assert.equal(open, true);
    assert.equal(windows.length, 10);
    const hours = 3600;
    assert.deepEqual(windows.slice(0, 2), [
      {
        opens: '2026-03-10T02:00:00.000Z',
        closes: '2026-03-10T03:00:00.000Z',
        open: true,
        opensInSeconds: 0,
        closesInSeconds: 0.5 * hours,
      },
      {
        opens: '2026-03-11T02:00:00.000Z',
        closes: '2026-03-11T03:00:00.000Z',
        open: false,
        opensInSeconds: 23.5 * hours,
        closesInSeconds: 24.5 * hours,
      },
    ]);
  });

  const rows: [schedule: string, syncWindow: string | undefined, cells: unknown[][]][] = [
    [
      '0 2 * * *',
      'PT1H',
      [
        ['open', '2026-03-10T02:00:00Z', '2026-03-10T03:00:00Z', 'closes in 30 min'],
        ['closed', '2026-03-11T02:00:00Z', '2026-03-11T03:00:00Z', 'opens in 23.5 h'],
      ],
    ],
    ['0 * * * *', 'PT2H', [['open', '2026-03-10T01:00:00Z', 'never', 'stays open']]],
    ['* * * * *', undefined, [['always open', undefined, undefined, undefined]]],
    ['0 0 30 2 *', 'PT1H', [['never open', undefined, undefined, undefined]]],
  ];
  for (const [schedule, syncWindow, expected] of rows) {
    test(`of ${schedule} are shown as ${String(expected[0]![0])}`, () =>
      assert.deepEqual(cells(schedule, syncWindow), expected));
  }

  test('are not tried with a length that the control plane refuses', () => {
    for (const syncWindow of ['PT59M', 'P8D', '4h', ''])
      assert.throws(() => requireWindow(syncWindow), /is not an ISO 8601 duration from PT1H to P7D\.$/);
    for (const syncWindow of ['PT1H', 'P7D']) assert.doesNotThrow(() => requireWindow(syncWindow));
  });

  for (const [schedule, syncWindow, said] of [
    ['nightly', undefined, /'nightly' cannot be read/],
    ['0 2 * * *', 'four hours', /'four hours' cannot be read/],
  ] as const) {
    test(`cannot be told of ${schedule} with ${syncWindow}`, () =>
      assert.throws(() => syncWindowsOf({ name: 'ship1', schedule, syncWindow }, now), said));
  }
});
