// How long each piece has to wait for the link, on a clock that the test moves.
import { assert, describe } from '../../../fixtures/describe.ts';
import type { Clock } from '../../clock.ts';
import { createPace } from './pace.ts';

const rate = 1_000_000;
const start = Date.parse('2026-01-01T00:00:00Z');

/** A clock whose sleepers are let go at once, and which tells for how long they wanted to sleep. */
function watchedClock(): Clock & { nowMs: number; askedMs: number[] } {
  const clock = {
    nowMs: start,
    askedMs: [] as number[],
    now: () => new Date(clock.nowMs),
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      clock.askedMs.push(ms);
    },
  };
  return clock;
}

describe('the pace of transfers', ({ test }) => {
  test('lets pass in no second more than the rate and one piece, however many send', async () => {
    const clock = watchedClock();
    const pace = createPace(rate, clock);
    const passedAtMs: number[] = [];
    const piece = 50_000;
    // Four that take turns; each goes on when its own wait is over.
    const freeAtMs = [start, start, start, start];
    for (let count = 0; count < 400; count++) {
      const next = freeAtMs.indexOf(Math.min(...freeAtMs));
      clock.nowMs = Math.max(clock.nowMs, freeAtMs[next]!);
      clock.askedMs.length = 0;
      await pace.pass(piece, undefined);
      passedAtMs.push(clock.nowMs);
      freeAtMs[next] = clock.nowMs + (clock.askedMs[0] ?? 0);
    }
    for (const from of passedAtMs) {
      const inSecond = passedAtMs.filter((at) => at >= from && at < from + 1000).length;
      assert.ok(
        inSecond * piece <= rate * 1.1 + 4 * piece,
        `${inSecond} pieces in the second from ${from - start}`,
      );
    }
    const seconds = (passedAtMs.at(-1)! - start) / 1000;
    assert.ok(seconds > 19 && seconds <= 20, `400 pieces of 50 kB took ${seconds} s`);
  });

  test('saves nothing up while nothing passes', async () => {
    const clock = watchedClock();
    const pace = createPace(rate, clock);
    await pace.pass(1000, undefined);
    clock.nowMs += 3_600_000;
    await pace.pass(rate, undefined);
    assert.equal(clock.askedMs.at(-1), 900);
  });

  test('does not wait longer because the clock was set back', async () => {
    const clock = watchedClock();
    const pace = createPace(rate, clock);
    await pace.pass(rate, undefined);
    clock.nowMs -= 86_400_000;
    await pace.pass(rate, undefined);
    assert.deepEqual(clock.askedMs, [900, 1900]);
  });

  test('makes pieces small enough for a slow link', () => {
    assert.equal(createPace(16_000, watchedClock()).pieceBytesMax, 4000);
    assert.equal(createPace(rate, watchedClock()).pieceBytesMax, 64 * 1024);
  });

  test('ends a wait with the reason for which it is ended', async () => {
    const clock = watchedClock();
    const reason = new Error('the window closed');
    const pass = async () => createPace(rate, clock).pass(rate, AbortSignal.abort(reason));
    await assert.rejects(pass, reason);
  });

  test('without a rate nothing waits', () => {
    const clock = watchedClock();
    assert.equal(createPace(undefined, clock).pass(1e12, undefined), undefined);
  });
});
