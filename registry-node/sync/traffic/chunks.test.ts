// Ending between two chunks: what moves may arrive, what has not begun does not, and nobody waits for ever.
import { assert, describe } from '../../../fixtures/describe.ts';
import { jumpingClock } from '../../../fixtures/jumping-clock.ts';
import { createChunks } from './chunks.ts';

describe('chunks that move', ({ test }) => {
  test('are waited for, and none begins meanwhile', async () => {
    const clock = jumpingClock();
    const chunks = createChunks(clock);
    const first = Promise.withResolvers<string>();
    const moving = chunks.move(undefined, () => first.promise);
    const log: string[] = [];
    const finished = chunks.finish(5000).then(() => log.push('finished'));
    const cut = new AbortController();
    const later = chunks.move(cut.signal, async () => log.push('begun'));
    first.resolve('arrived');
    assert.equal(await moving, 'arrived');
    await finished;
    cut.abort(new Error('cut'));
    await assert.rejects(later, /cut/);
    assert.deepEqual(log, ['finished']);
  });

  test('are given up after a while', async () => {
    const clock = jumpingClock();
    const chunks = createChunks(clock);
    const never = Promise.withResolvers<void>();
    void chunks.move(undefined, () => never.promise);
    const finished = chunks.finish(5000);
    clock.jump(5000);
    await finished;
  });

  test('keep nobody waiting when there are none', async () => {
    await createChunks(jumpingClock()).finish(5000);
  });
});
