// Rows of schedules and durations at their bounds.
import { assert, describe } from '../../../fixtures/describe.ts';
import { ArmError } from '../../arm/errors.ts';
import { checkDuration, checkSchedule, nextOccurrence } from './schedule.ts';

describe('the schedule of a connected registry', ({ test }) => {
  for (const text of ['* * * * *', '0 0/10 * * *', '0 0 */10 * *', '30 2 * * 1-5', ' 0  2 * * * ']) {
    test(`may be '${text}'`, () => {
      assert.equal(checkSchedule(text, 'schedule'), text.trim().replaceAll(/ +/g, ' '));
    });
  }

  for (const text of [
    '',
    'daily',
    '@daily',
    '0 0 30 2 *',
    '* * * *',
    '* * * * * *',
    '61 * * * *',
    '0 0 * * MOON',
  ]) {
    test(`may not be '${text}'`, () => {
      assert.throws(
        () => checkSchedule(text, 'properties.syncProperties.schedule'),
        (error) =>
          error instanceof ArmError &&
          error.code === 'InvalidPropertyValue' &&
          error.target === 'properties.syncProperties.schedule',
      );
    });
  }

  test('is read in UTC', () => {
    const next = nextOccurrence('0 2 * * *', new Date('2026-03-29T00:30:00Z'));
    assert.equal(next?.toISOString(), '2026-03-29T02:00:00.000Z');
  });
});

describe('durations', ({ test }) => {
  const rows: ['messageTtl' | 'syncWindow', string, boolean][] = [
    ['messageTtl', 'P1D', true],
    ['messageTtl', 'PT24H', true],
    ['messageTtl', 'P90D', true],
    ['messageTtl', 'P2W', true],
    ['messageTtl', 'PT23H59M', false],
    ['messageTtl', 'P90DT1S', false],
    ['messageTtl', 'P1M', false],
    ['messageTtl', '2 days', false],
    ['messageTtl', '-P2D', false],
    ['syncWindow', 'PT1H', true],
    ['syncWindow', 'P7D', true],
    ['syncWindow', 'PT59M', false],
    ['syncWindow', 'P7DT1M', false],
    ['syncWindow', '', false],
  ];
  for (const [name, text, valid] of rows) {
    test(`${name} may ${valid ? '' : 'not '}be '${text}'`, () => {
      if (valid) assert.equal(checkDuration(text, name, name), text);
      else assert.throws(() => checkDuration(text, name, name), ArmError);
    });
  }
});
