// Blobs on their way: each fetched once at a time, and no more at once than allowed.
import { assert, describe } from '../../fixtures/describe.ts';
import { digestOf } from '../oci/digest.ts';
import { createTransfers } from './transfers.ts';

const digests = Array.from({ length: 10 }, (_, position) => digestOf(String(position)));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('transfers', ({ test }) => {
  test('of one digest at the same time fetch it once', async () => {
    const transfers = createTransfers();
    let fetched = 0;
    const fetch = async (): Promise<void> => {
      fetched++;
      await turn();
    };
    await Promise.all([1, 2, 3].map(() => transfers.once(digests[0]!, 4, undefined, fetch)));
    assert.equal(fetched, 1);
  });

  test('run no more at once than allowed, and all of them', async () => {
    const transfers = createTransfers();
    let running = 0;
    let most = 0;
    let done = 0;
    const fetch = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await turn();
      running--;
      done++;
    };
    await Promise.all(digests.map((digest) => transfers.once(digest, 3, undefined, fetch)));
    assert.deepEqual({ most, done }, { most: 3, done: 10 });
  });

  test('that failed for one caller are tried by the next that waited', async () => {
    const transfers = createTransfers();
    const first = transfers.once(digests[0]!, 1, undefined, async () => {
      await turn();
      throw new Error('cut');
    });
    let fetched = false;
    const second = transfers.once(digests[0]!, 1, undefined, async () => {
      fetched = true;
    });
    await assert.rejects(first, /cut/);
    await second;
    assert.ok(fetched);
  });

  test('that wait for their turn are left at once when their caller gives up', async () => {
    const transfers = createTransfers();
    const gate = Promise.withResolvers<void>();
    const running = transfers.once(digests[0]!, 1, undefined, () => gate.promise);
    const giveUp = new AbortController();
    const waiting = transfers.once(digests[1]!, 1, giveUp.signal, async () => assert.fail('it was given up'));
    giveUp.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/);
    gate.resolve();
    await running;
    let ran = false;
    await transfers.once(digests[2]!, 1, undefined, async () => {
      ran = true;
    });
    assert.ok(ran);
  });
});
