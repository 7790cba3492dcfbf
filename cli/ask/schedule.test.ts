// The next times of a schedule, told to whoever chooses it.
import { assert, describe } from '../../fixtures/describe.ts';
import { nextTimes } from './schedule.ts';

const now = new Date('2026-02-27T12:00:00Z');

describe('the next times of a schedule', ({ test }) => {
  const rows: [string, string[]][] = [
    [
      '0 * * * *',
      [
        'Fri 2026-02-27 13:00 UTC',
        'Fri 2026-02-27 14:00 UTC',
        'Fri 2026-02-27 15:00 UTC',
        'Fri 2026-02-27 16:00 UTC',
        'Fri 2026-02-27 17:00 UTC',
      ],
    ],
    [
      '30 2 * * 0',
      [
        'Sun 2026-03-01 02:30 UTC',
        'Sun 2026-03-08 02:30 UTC',
        'Sun 2026-03-15 02:30 UTC',
        'Sun 2026-03-22 02:30 UTC',
        'Sun 2026-03-29 02:30 UTC',
      ],
    ],
  ];
  for (const [expression, times] of rows) {
    test(`${expression} are five, in UTC`, () => assert.deepEqual(nextTimes(expression, now), times));
  }
});
