// A hash that runs on, here or in the thread: the same digest, whatever its pieces are and however the thread fares.
import { assert, describe } from '../../fixtures/describe.ts';
import { digestOf } from '../oci/digest.ts';
import { type HashThread, startHashThread } from './hash-thread.ts';
import { startHash } from './running-hash.ts';

const kibibyte = 1024;

function pieceOf(bytes: number, fill: number): Buffer {
  return Buffer.alloc(bytes, fill);
}

/** As the buffers are in which pushes are gathered. */
function sharedPieceOf(bytes: number, fill: number): Buffer {
  return Buffer.from(new SharedArrayBuffer(bytes, { maxByteLength: bytes }), 0, bytes).fill(fill);
}

describe('a running hash', ({ test, after }) => {
  const threads: HashThread[] = [];
  const start = (): HashThread => {
    const thread = startHashThread();
    threads.push(thread);
    return thread;
  };
  after(async () => {
    for (const thread of threads) await thread.end();
  });

  for (const [what, pieces] of [
    ['nothing', []],
    ['small pieces', [pieceOf(10, 1), pieceOf(20, 2)]],
    ['large pieces', [sharedPieceOf(1024 * kibibyte, 1), sharedPieceOf(1024 * kibibyte, 2)]],
    ['large pieces and a small end', [sharedPieceOf(1024 * kibibyte, 1), sharedPieceOf(7, 2)]],
    ['large pieces of other memory', [pieceOf(128 * kibibyte, 1), pieceOf(128 * kibibyte, 2)]],
    ['a small piece and a large one', [pieceOf(7, 1), sharedPieceOf(1024 * kibibyte, 2)]],
  ] as const) {
    test(`is the digest of ${what}`, async () => {
      const thread = start();
      const hash = startHash(() => thread);
      for (const piece of pieces) await hash.update(piece);
      assert.equal(hash.digest(), digestOf(Buffer.concat(pieces)));
    });
  }

  test('is one of many at once, and those that nobody wants any more are in no other’s way', async () => {
    const thread = start();
    const hashes = Array.from({ length: 20 }, () => startHash(() => thread));
    for (const round of [1, 2]) {
      await Promise.all(hashes.map((hash, index) => hash.update(pieceOf(64 * kibibyte, index + round))));
    }
    for (const hash of hashes.slice(10)) hash.end();
    const digests = hashes.slice(0, 10).map((hash) => hash.digest());
    const expected = digests.map((_, index) =>
      digestOf(Buffer.concat([1, 2].map((round) => pieceOf(64 * kibibyte, index + round)))),
    );
    assert.deepEqual(digests, expected);
  });

  test('says that it is lost when its thread ended, at any of its pieces', async () => {
    for (const before of [0, 1, 2]) {
      const thread = start();
      const hash = startHash(() => thread);
      for (const piece of [0, 1, 2]) {
        const updating = hash.update(pieceOf(64 * kibibyte, piece));
        if (piece === before) await thread.end();
        await updating;
      }
      assert.equal(hash.digest(), undefined, `ended at piece ${before}`);
      hash.end();
    }
  });

  test('is made here when there is no thread', async () => {
    const hash = startHash(() => undefined);
    const piece = pieceOf(256 * kibibyte, 3);
    await hash.update(piece);
    assert.equal(hash.digest(), digestOf(piece));
  });
});
