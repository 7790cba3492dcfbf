// What a node measures of its line, by which plans and ends are estimated.
import { assert, describe } from '../../fixtures/describe.ts';
import { newStatus } from '../../fixtures/engine-status.ts';
import { systemClock } from '../clock.ts';

/** @returns what it tells a second after a copy of `bytes` began */
async function speedOf(bytes: number, bytesPerSecondMax?: number): Promise<number | undefined> {
  let nowMs = Date.parse('2026-05-04T12:00:00Z');
  const status = newStatus({ clock: { ...systemClock, now: () => new Date(nowMs) }, bytesPerSecondMax });
  status.copying();
  status.arrived(bytes);
  nowMs += 1000;
  return (await status.snapshot()).bytesPerSecond;
}

describe('the speed that a node measures', ({ test }) => {
  test('is what came in the time of a copy', async () => assert.equal(await speedOf(1_000_000), 1_000_000));
  test('is not told of a copy that says more of the round trip', async () =>
    assert.equal(await speedOf(1000), undefined));
  test('is never more than it may transfer: what is buffered lets a copy begin faster', async () =>
    assert.equal(await speedOf(1_000_000, 100_000), 100_000));
});
