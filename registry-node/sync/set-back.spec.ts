// A tag that was changed here and has gone up is not set back, not even for a moment, by what happened at the parent before: a client
// that pushes in that moment would find nothing to change, and its word would be lost.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage, uploadImage } from '../../fixtures/images/stored.ts';
import { arrives, arrivesAbove, SyncStage } from '../../fixtures/sync-stage.ts';
import { tagOften } from '../../fixtures/tag-often.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { systemClock } from '../clock.ts';
import { openContent } from '../content/open.ts';
import type { Digest } from '../oci/digest.ts';

/** What a node that is closed has had under the tag, in order. */
async function movesOfV1({ folder }: SyncStage): Promise<Digest[]> {
  const content = await openContent({ folder: join(folder, 'site1/content'), clock: systemClock });
  const { events } = await content.feed.read({ after: 0, limit: 2000 });
  await content.close();
  return events.filter(({ tag }) => tag === 'v1').map(({ digest }) => digest);
}

/** What a node that is closed has been given of the manifest, by whomever. */
async function pushesOf({ folder }: SyncStage, digest: Digest): Promise<unknown[]> {
  const content = await openContent({ folder: join(folder, 'site1/content'), clock: systemClock });
  const { events } = await content.feed.read({ after: 0, limit: 2000 });
  await content.close();
  return events.filter((event) => event.action === 'push' && event.digest === digest);
}

describe(
  'a tag that was changed on site',
  ({ test, beforeEach, afterEach }) => {
    let stage: SyncStage;
    beforeEach(async () => {
      stage = await SyncStage.set();
    });
    afterEach(() => stage.strike());

    test('is not set back by what was still being copied when it went up', async () => {
      const parent = await stage.parent();
      const node = await stage.node(parent.port);
      const registry = stage.client(node);
      await arrives(registry, 'v1', await storeImage(parent.content, 'app', buildImage('old'), ['v1']));
      const large = buildImage('theirs, and large', [100_000]);
      const mayArrive = Promise.withResolvers<void>();
      let isCopied = false;
      parent.intercept = (request, response) => {
        if (!request.url?.endsWith(large.blobs[1]!.digest) || isCopied) return false;
        isCopied = true;
        mayArrive.promise.then(
          () => response.destroy(),
          () => undefined,
        );
        return true;
      };
      await storeImage(parent.content, 'app', large, ['v1']);
      await waitFor('the copy to begin', () => isCopied);
      const ours = await uploadImage(registry, 'app', buildImage('ours'), 'v1');
      await arrivesAbove(parent, 'v1', ours);
      const last = await storeImage(parent.content, 'app', buildImage('last'), ['last']);
      mayArrive.resolve();
      await arrives(registry, 'last', last);
      assert.ok(await registry.manifest('app', { digest: large.digest }));
      await stage.close(node);
      const moves = await movesOfV1(stage);
      assert.equal(moves.at(-1), ours);
      assert.ok(!moves.includes(large.digest), 'it was set back for a while');
    });

    for (const [when, restarts] of [
      ['', false],
      [', nor after a restart', true],
    ] as const) {
      test(`is not set back by what the parent tells of it long before it tells of that change${when}`, async () => {
        const parent = await stage.parent();
        const first = await stage.node(parent.port);
        const old = await storeImage(parent.content, 'app', buildImage('old'), ['v1']);
        await arrives(stage.client(first), 'v1', old);
        await waitFor('the full sync to end', () => parent.status?.lastSyncTime);
        // A round that waits at the parent would be answered all the same.
        await stage.close(first);
        parent.intercept = (request, response) => {
          const cut = request.url?.endsWith('/sync') === true;
          if (cut) response.destroy();
          return cut;
        };
        let node = await stage.node(parent.port);
        const theirs = await storeImage(parent.content, 'app', buildImage('theirs'), ['v1']);
        await tagOften(parent.content, 'app', theirs, 1100);
        const ours = await uploadImage(stage.client(node), 'app', buildImage('ours'), 'v1');
        await arrivesAbove(parent, 'v1', ours);
        const stateFile = join(stage.folder, 'site1/state/sync.json');
        const upTo = async () => JSON.parse(await readFile(stateFile, 'utf8')).push.cursor as number;
        await waitFor('the push to be settled', async () => (await upTo()) >= 4);
        if (restarts) {
          await stage.close(node);
          node = await stage.node(parent.port);
        }
        parent.intercept = undefined;
        await arrives(stage.client(node), 'many-1099', theirs);
        await stage.close(node);
        const moves = await movesOfV1(stage);
        assert.equal(moves.at(-1), ours);
        assert.ok(!moves.includes(theirs), 'it was set back for a while');
      });
    }

    test('does not come back when its image was deleted, whatever the parent tells before it hears of that', async () => {
      const parent = await stage.parent();
      const first = await stage.node(parent.port);
      const old = await storeImage(parent.content, 'app', buildImage('old'), ['v1']);
      await arrives(stage.client(first), 'v1', old);
      await waitFor('the full sync to end', () => parent.status?.lastSyncTime);
      // A round that waits at the parent would be answered all the same.
      await stage.close(first);
      let mayTell = false;
      parent.intercept = ({ method, url }, response) => {
        const cut = method === 'DELETE' || (url?.endsWith('/sync') === true && !mayTell);
        if (cut) response.destroy();
        return cut;
      };
      const node = await stage.node(parent.port);
      const registry = stage.client(node);
      const { digest } = buildImage('ours, and short-lived');
      await uploadImage(registry, 'app', buildImage('ours, and short-lived'), 'ours');
      await arrivesAbove(parent, 'ours', digest);
      await registry.deleteManifest('app', { digest });
      mayTell = true;
      // The round that tells the one may still copy when it is there; the next begins when that has ended.
      for (const tag of ['last', 'very-last'])
        await arrives(registry, tag, await storeImage(parent.content, 'app', buildImage(tag), [tag]));
      assert.equal(await registry.manifest('app', { digest }), undefined);
      parent.intercept = undefined;
      await arrivesAbove(parent, 'ours', undefined);
      await stage.close(node);
      assert.equal((await pushesOf(stage, digest)).length, 1, 'it was copied back from the parent');
    });
  },
  { timeoutMs: 60_000 },
);
