// What all sends of the process share.
import { assert, describe } from '../../fixtures/describe.ts';
import { type SendBuffer, takeSendBuffer } from './send-buffers.ts';

describe('takeSendBuffer', ({ test }) => {
  const take = (count: number): SendBuffer[] =>
    Array.from({ length: count }, () => takeSendBuffer(10_000_000));

  test('lends 16 MiB in large buffers, and small ones to everybody else, who does not read ahead', () => {
    const buffers = take(100);
    const large = buffers.filter(({ readsAhead }) => readsAhead);
    const bytes = large.reduce((sum, buffer) => sum + buffer.bytes.length, 0);
    assert.equal(bytes, 16 * 1024 * 1024);
    const small = buffers.filter(({ readsAhead }) => !readsAhead);
    assert.ok(small.length > 0 && small.every((buffer) => buffer.bytes.length <= 32 * 1024));
    for (const buffer of buffers) buffer.giveBack(true);
  });
  test('lends the same again, and never what somebody may still read from', () => {
    const [first] = take(1);
    first!.giveBack(true);
    const [second] = take(1);
    assert.equal(second!.bytes, first!.bytes);
    second!.giveBack(false);
    const [third] = take(1);
    assert.notEqual(third!.bytes, first!.bytes);
    third!.giveBack(true);
  });
});
