// When windows are open, asked of moments.
import { assert, describe } from '../../fixtures/describe.ts';
import { windowAt } from './schedule.ts';

const at = (time: string): Date => new Date(`2026-03-10T${time}Z`);

describe('a schedule', ({ test }) => {
  test('of every minute is always open, whatever the window', () => {
    for (const syncWindow of [undefined, 'PT1H']) {
      assert.deepEqual(windowAt({ schedule: '* * * * *', syncWindow }, at('12:00:00')), {
        open: true,
        until: undefined,
      });
    }
  });

  for (const [schedule, syncWindow, now, open, edge] of [
    ['30 2 * * *', 'PT1H', '02:29:59', false, '02:30:00'],
    ['30 2 * * *', 'PT1H', '02:30:00', true, '03:30:00'],
    ['30 2 * * *', 'PT1H', '03:29:59', true, '03:30:00'],
    ['0 * * * *', 'PT30M', '05:30:00', false, '06:00:00'],
    ['30 * * * *', 'PT1H', '05:10:00', true, '05:30:00'],
    ['0 3 * * *', undefined, '03:30:00', true, '04:00:00'],
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
});
