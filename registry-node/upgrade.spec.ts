// A data folder of the first version under this one: it is served before the parent is reached, what had not gone up goes up, what
// had begun to come down goes on, and nothing of it is asked for again.
import { join } from 'node:path';
import { readFlow } from '../fixtures/read-flow.ts';
import { grantsOn } from '../fixtures/configuration.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { buildImage, storeImage } from '../fixtures/images/stored.ts';
import { writeOldestDataFolder } from '../fixtures/oldest-data-folder.ts';
import { arrives, arrivesAbove, chunkBytes, has, SyncStage } from '../fixtures/sync-stage.ts';
import { grantsRevisionOf } from './gateway/round.ts';
import { compileGrants } from './oci/scope.ts';

const synced = buildImage('synced', [100_000]);
const pushed = buildImage('pushed on site', [100_000]);
const next = buildImage('next', [5 * chunkBytes]);
/** In the middle of a chunk. */
const arrivedBytes = 2 * chunkBytes + 1000;

describe(
  'a data folder of the first version',
  ({ test, beforeEach, afterEach }) => {
    let stage: SyncStage;
    beforeEach(async () => {
      stage = await SyncStage.set();
    });
    afterEach(() => stage.strike());

    test('is served, brought up and gone on with', async () => {
      let parent = await stage.parent();
      const { port } = parent;
      await storeImage(parent.content, 'app', synced, ['v1']);
      const layer = next.blobs[1]!;
      const holder = await writeOldestDataFolder(join(stage.folder, 'site1'), {
        configuration: parent.configuration,
        pull: {
          cursor: parent.content.feed.head(),
          feedId: parent.content.feed.id,
          grantsRevision: grantsRevisionOf(compileGrants(parent.configuration.grants), undefined),
        },
        synced,
        pushed,
        arriving: { digest: layer.digest, bytes: layer.bytes.subarray(0, arrivedBytes) },
      });
      await storeImage(parent.content, 'app', next, ['v2']);
      await stage.close(parent);

      const registry = stage.client(await stage.node(port));
      assert.ok(await has(registry, 'v1', synced.digest));
      for (const { digest, bytes } of synced.blobs) {
        assert.ok((await readFlow(await registry.openBlob('app', digest))).equals(bytes), digest);
      }

      parent = await stage.parent({ grants: grantsOn('app', 'tools/*') }, port);
      const ranges: string[] = [];
      parent.intercept = ({ url, headers }) => {
        if (url?.endsWith(layer.digest)) ranges.push(headers.range ?? 'all');
        return false;
      };
      await arrivesAbove(parent, 'site', pushed.digest);
      await arrives(registry, 'v2', next.digest);
      assert.equal(parent.holder, holder);
      assert.match(ranges[0]!, new RegExp(`^bytes=${arrivedBytes}-`));
      assert.ok(!parent.requests.some((request) => request.includes(synced.digest)));
    });
  },
  { timeoutMs: 30_000 },
);
