// Writes that come together, and what becomes of them when one write fails.
import { assert, describe } from '../../fixtures/describe.ts';
import { gatherWrites } from './gather.ts';

describe('writes that come together', ({ test }) => {
  test('are one write, and what comes during it is the next', async () => {
    const writes: string[][] = [];
    let late: Promise<void> | undefined;
    const add = gatherWrites<string>(async (items) => {
      writes.push([...items]);
      late ??= add('c');
    });
    await Promise.all([add('a'), add('b')]);
    await late;
    assert.deepEqual(writes, [['a', 'b'], ['c']]);
  });

  test('fail together, and those after them do not', async () => {
    let fails = true;
    const add = gatherWrites<string>(async () => {
      if (!fails) return;
      fails = false;
      throw new Error('disk full');
    });
    const outcomes = await Promise.allSettled([add('a'), add('b')]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    await add('c');
  });
});
