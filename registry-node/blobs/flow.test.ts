// Bytes that flow: one piece at a time, in order, and an end that waits for whoever deals with the last.
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { assert, describe } from '../../fixtures/describe.ts';
import { flowOf, freed, gather } from './flow.ts';

const broken = new Error('the source broke');
const pieces = ['a', 'b', 'c'].map((text) => Buffer.from(text));

/** The pieces, and then `error`. */
function failing(error: Error): Readable {
  const left = [...pieces];
  return new Readable({
    read() {
      const piece = left.shift();
      if (piece) this.push(piece);
      else this.destroy(error);
    },
  });
}

describe('what flows', ({ test }) => {
  test('comes piece by piece, the next when the one before has been dealt with', async () => {
    const seen: string[] = [];
    await flowOf(Readable.from(pieces))((piece) => {
      const text = Buffer.from(piece).toString();
      seen.push(text);
      if (text === 'b') return undefined;
      return sleep(5).then(() => void seen.push(`${text} done`));
    });
    assert.deepEqual(seen, ['a', 'a done', 'b', 'c', 'c done']);
  });

  test('may be nothing', async () => {
    await flowOf(Readable.from([]))(() => assert.fail());
  });

  test('fails as its source does, in the words that are given, when the last piece has been dealt with', async () => {
    let dealtWith = 0;
    const explained = new Error('explained');
    const source = failing(broken);
    const flow = flowOf(source, (error) => (error === broken ? explained : error));
    const flowing = flow(async () => {
      await sleep(5);
      dealtWith += 1;
    });
    await assert.rejects(flowing, (error) => error === explained);
    assert.ok(dealtWith > 0);
    const before = dealtWith;
    await sleep(10);
    assert.equal(dealtWith, before);
  });

  for (const [how, refuse] of [
    ['at once', () => assert.fail('refused')],
    ['later', () => Promise.reject(new Error('refused'))],
  ] as const) {
    test(`ends when a piece is refused ${how}: nothing flows any more, and the stream is left as it is`, async () => {
      const stream = Readable.from(pieces);
      let taken = 0;
      const flowing = flowOf(stream)(() => {
        taken += 1;
        return refuse();
      });
      await assert.rejects(flowing, /refused/);
      await sleep(5);
      assert.equal(taken, 1);
      assert.ok(!stream.destroyed);
    });
  }

  test('gives memory back when a piece has been dealt with, and only what is the piece’s alone', async () => {
    const own = Buffer.alloc(100_000, 'own');
    const shared = Buffer.alloc(200_000, 'shared').subarray(0, 100_000);
    const lengths: number[] = [];
    await freed(flowOf(Readable.from([own, shared])))(async (piece) => {
      await sleep(1);
      lengths.push(piece.length);
    });
    assert.deepEqual([...lengths, own.length, shared.length], [100_000, 100_000, 0, 100_000]);
  });

  test('is gathered within a bound', async () => {
    const tooLarge = (): Error => new Error('too large');
    assert.equal((await gather(flowOf(Readable.from(pieces)), 3, tooLarge)).toString(), 'abc');
    await assert.rejects(gather(flowOf(Readable.from(pieces)), 2, tooLarge), /too large/);
  });
});
