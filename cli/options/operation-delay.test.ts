// Which words are a delay, and what is said of those that are none.
import { assert, describe } from '../../fixtures/describe.ts';
import { operationDelay } from './operation-delay.ts';

describe('--operation-delay', ({ test }) => {
  const delays: [string, number][] = [
    ['0s', 0],
    ['500ms', 500],
    ['5s', 5000],
    ['2m', 120_000],
    ['60m', 3_600_000],
  ];
  for (const [written, delayMs] of delays) {
    test(`takes ${written}`, () => assert.equal(operationDelay.read(written), delayMs));
  }
  for (const wrong of ['5', 'PT5S', '-1s', '61m', '1.5s', '5 s', '5h', '']) {
    test(`refuses '${wrong}'`, () => {
      assert.throws(() => operationDelay.read(wrong), {
        kind: 'parser',
        message: `argument --operation-delay: '${wrong}' is not a duration up to an hour, like 500ms, 5s or 2m`,
      });
    });
  }
});
