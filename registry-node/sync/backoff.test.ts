// The waits between attempts.
import { assert, describe } from '../../fixtures/describe.ts';
import { createBackoff } from './backoff.ts';

describe('backoff', ({ test }) => {
  test('doubles from a quarter of a second up to its bound', () => {
    const backoff = createBackoff(() => 1);
    const waits = Array.from({ length: 7 }, () => backoff.nextMs(5000));
    assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 5000, 5000]);
  });
  test('is spread by chance over its upper half', () => {
    assert.equal(createBackoff(() => 0).nextMs(5000), 125);
  });
  test('begins again after a success', () => {
    const backoff = createBackoff(() => 1);
    backoff.nextMs(5000);
    backoff.nextMs(5000);
    backoff.reset();
    assert.equal(backoff.nextMs(5000), 250);
  });
  test('is never shorter than the parent asked for', () => {
    assert.equal(createBackoff(() => 1).nextMs(5000, 30_000), 30_000);
  });
  test('stays within its bound after a thousand failures', () => {
    const backoff = createBackoff(() => 1);
    for (let failure = 0; failure < 1000; failure++) backoff.nextMs(5000);
    assert.equal(backoff.nextMs(5000), 5000);
  });
});
