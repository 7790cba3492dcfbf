// What was opened is let go of, whatever one of the closers meets.
import { assert, describe } from '../fixtures/describe.ts';
import { Closers } from './closers.ts';

describe('closers', ({ test }) => {
  test('are called once each, the last that was added first, also when one of them fails', async () => {
    const closers = new Closers();
    const called: string[] = [];
    closers.add(
      () => called.push('first'),
      () => Promise.reject(new Error('the second fails')),
      () => called.push('third'),
    );
    await assert.rejects(closers.close(), /the second fails/);
    assert.deepEqual(called, ['third', 'first']);
    await closers.close();
    assert.equal(called.length, 2);
  });

  test('let the reason of a failed opening through, though a closer fails as well', async () => {
    let closed = false;
    const opening = Closers.opening(async (closers) => {
      closers.add(() => void (closed = true));
      closers.add(() => Promise.reject(new Error('cannot be closed')));
      throw new Error('cannot be opened');
    });
    await assert.rejects(opening, /cannot be opened/);
    assert.ok(closed);
  });
});
