// What a node measures of its line, by which plans and ends are estimated.
import { assert, describe } from '../../fixtures/describe.ts';
import { systemClock } from '../clock.ts';
import { createStatus } from './status.ts';

const noCounts = { receivedBytes: 0, sentBytes: 0, savedBytes: 0 };

/** @returns what it tells a second after a copy of `bytes` began */
async function speedOf(bytes: number, bytesPerSecondMax?: number): Promise<number | undefined> {
  let nowMs = Date.parse('2026-05-04T12:00:00Z');
  const status = createStatus({
    version: '1',
    loginServer: { host: 'localhost:1', tls: 'Disabled' },
    clock: { ...systemClock, now: () => new Date(nowMs) },
    bytesPerSecondMax,
    storedBytes: async () => 0,
    disk: async () => ({ totalBytes: 1, freeBytes: 1 }),
    damaged: async () => [],
    setAside: () => [],
    lastSyncTime: () => undefined,
    applied: () => undefined,
    traffic: { beginRun: () => undefined, counts: () => ({ run: noCounts, total: noCounts }) },
    onChange: () => undefined,
  });
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
