// When windows are open, asked of moments, and those that come.
import { assert, describe } from '../fixtures/describe.ts';
import { endOfWork, nextWindows, windowAt } from './sync-window.ts';

const at = (time: string): Date => new Date(`2026-03-10T${time}Z`);
/** Shown as `10 23:00 - 11 02:00`: days of March 2026, UTC. */
const told = (schedule: string, syncWindow: string | undefined, now: Date, count = 3): string[] =>
  nextWindows({ schedule, syncWindow }, now, count).map(({ opens, closes }) =>
    [opens, closes].map((time) => time?.toISOString().slice(8, 16).replace('T', ' ') ?? 'never').join(' - '),
  );

describe('a schedule', ({ test }) => {
  for (const schedule of ['* * * * *', ' *  * * * * ']) {
    for (const syncWindow of [undefined, 'PT1H']) {
      test(`of every minute is always open, with the window ${syncWindow}`, () => {
        assert.deepEqual(windowAt({ schedule, syncWindow }, at('12:00:00')), {
          open: true,
          until: undefined,
        });
        assert.deepEqual(told(schedule, syncWindow, at('12:00:00')), []);
      });
    }
  }

  for (const [schedule, syncWindow, now, open, edge] of [
    ['30 2 * * *', 'PT1H', '02:29:59', false, '02:30:00'],
    ['30 2 * * *', 'PT1H', '02:30:00', true, '03:30:00'],
    ['30 2 * * *', 'PT1H', '03:29:59', true, '03:30:00'],
    ['0 * * * *', 'PT30M', '05:30:00', false, '06:00:00'],
    ['30 * * * *', 'PT1H', '05:10:00', true, '05:30:00'],
    ['0 3 * * *', undefined, '03:30:00', true, '04:00:00'],
    ['0 0/10 * * *', 'PT1H', '10:20:00', true, '11:00:00'],
    ['0 */6 * * *', 'P7D', '10:20:00', true, '12:00:00'],
  ] as const) {
    test(`${schedule} for ${syncWindow ?? 'an hour'} is ${open ? 'open' : 'closed'} at ${now} until ${edge}`, () => {
      const window = windowAt({ schedule, syncWindow }, at(now));
      assert.equal(window.open, open);
      assert.deepEqual(window.open ? window.until : window.opens, at(edge));
    });
  }

  test('opens across midnight', () => {
    const window = windowAt({ schedule: '0 23 * * *', syncWindow: 'PT3H' }, at('01:00:00'));
    assert.deepEqual(window, { open: true, until: at('02:00:00') });
  });

  for (const [schedule, syncWindow] of [
    ['every night', 'PT1H'],
    ['0 2 * * *', 'an hour'],
  ] as const) {
    test(`that cannot be read is no window: ${schedule}, ${syncWindow}`, () => {
      assert.throws(() => windowAt({ schedule, syncWindow }, at('12:00:00')));
    });
  }
});

describe('the windows that come', ({ test }) => {
  const rows: [what: string, schedule: string, syncWindow: string | undefined, windows: string[]][] = [
    ['are told with their ends', '0 23 * * *', 'PT3H', ['10 23:00 - 11 02:00', '11 23:00 - 12 02:00']],
    [
      'begin with the one that is open',
      '30 11 * * *',
      'PT1H',
      ['10 11:30 - 10 12:30', '11 11:30 - 11 12:30'],
    ],
    ['are one when they touch', '0 12-14 * * *', 'PT1H', ['10 12:00 - 10 15:00', '11 12:00 - 11 15:00']],
    ['are one when they overlap', '0 0 * * 3-5', 'P2D', ['11 00:00 - 15 00:00', '18 00:00 - 22 00:00']],
    [
      'last an hour when nothing is said',
      '0 3 * * *',
      undefined,
      ['11 03:00 - 11 04:00', '12 03:00 - 12 04:00'],
    ],
    [
      'do not close when each is longer than the time to the next',
      '0 */6 * * *',
      'P1D',
      ['09 18:00 - never'],
    ],
    ['are none when the schedule never happens', '0 0 30 2 *', 'PT1H', []],
  ];
  for (const [what, schedule, syncWindow, windows] of rows) {
    test(what, () => assert.deepEqual(told(schedule, syncWindow, at('12:00:00'), 2), windows));
  }
});

describe('the end of work', ({ test }) => {
  const nightly = { schedule: '0 2 * * *', syncWindow: 'PT1H' };
  for (const [what, schedule, minutes, end] of [
    ['follows at once in continuous mode', { schedule: '* * * * *' }, 90, '10 13:30'],
    ['waits for the next window', nightly, 60, '11 03:00'],
    ['comes in a later window when one does not suffice', nightly, 150, '13 02:30'],
    ['never comes when the schedule never happens', { schedule: '0 0 30 2 *' }, 1, undefined],
    ['is not told when it takes years of windows', nightly, 60 * 401, undefined],
  ] as const) {
    test(what, () => {
      const found = endOfWork(schedule, new Date('2026-03-10T12:00:00Z'), minutes * 60_000);
      assert.equal(found?.toISOString(), end && `2026-03-${end.replace(' ', 'T')}:00.000Z`);
    });
  }

  test('counts what is left of a window that is open', () => {
    const end = endOfWork(nightly, new Date('2026-03-10T02:50:00Z'), 15 * 60_000);
    assert.equal(end?.toISOString(), '2026-03-11T02:05:00.000Z');
  });
});

describe('daylight saving', ({ test, afterEach }) => {
  const zone = process.env.TZ;
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  // In each of them a night of March 2026 has no 02:30, or did not have one hour twice.
  const springs: [zone: string, night: string][] = [
    ['Europe/Berlin', '2026-03-29'],
    ['America/New_York', '2026-03-08'],
    ['Australia/Lord_Howe', '2026-04-05'],
    ['UTC', '2026-03-29'],
  ];
  for (const [name, night] of springs) {
    test(`does not move a window of a machine in ${name}`, () => {
      process.env.TZ = name;
      const now = new Date(`${night}T00:00:00Z`);
      if (name !== 'UTC') assert.notEqual(now.getTimezoneOffset(), 0, 'the zone took effect');
      const [window] = nextWindows({ schedule: '30 2 * * *', syncWindow: 'PT1H' }, now, 1);
      assert.deepEqual(window, {
        opens: new Date(`${night}T02:30:00Z`),
        closes: new Date(`${night}T03:30:00Z`),
      });
    });
  }
});
