// When garbage collection is due.
import { assert, describe } from '../../fixtures/describe.ts';
import { occursBetween } from './occurrence.ts';

const rows: [schedule: string, since: string, now: string, due: boolean][] = [
  ['0 0 * * *', '2026-01-01T23:59:30Z', '2026-01-02T00:00:30Z', true],
  ['0 0 * * *', '2026-01-02T00:00:00Z', '2026-01-02T00:01:00Z', false],
  ['0 0 * * *', '2026-01-01T00:01:00Z', '2026-01-05T12:00:00Z', true],
  ['0/10 * * * *', '2026-01-01T00:09:30Z', '2026-01-01T00:10:00Z', true],
  ['0 0 30 2 *', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', false],
  ['0 0 * * *', '2026-01-02T00:00:30Z', '2026-01-01T00:00:30Z', false],
];

describe('a garbage collection schedule', ({ test }) => {
  for (const [schedule, since, now, due] of rows) {
    test(`'${schedule}' is ${due ? '' : 'not '}due between ${since} and ${now}`, () => {
      assert.equal(occursBetween(schedule, new Date(since), new Date(now)), due);
    });
  }

  test('is refused when it is none', () => {
    assert.throws(() => occursBetween('every night', new Date(0), new Date(1)));
  });
});
