// A node that is started again on a full disk, with its parent out of reach: it serves what it has.
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { missingSmallDisk, mountSmallDisk } from '../../fixtures/small-disk.ts';
import { arrives, has, SyncStage } from '../../fixtures/sync-stage.ts';

const diskBytes = 16 * 1024 * 1024;

describe('a node on a full disk', ({ test, skip }) => {
  const name = 'starts, and serves what it has';
  const missing = missingSmallDisk();
  if (missing !== undefined) return skip(name, missing);

  test(name, async () => {
    const stage = await SyncStage.set();
    const disk = await mountSmallDisk(join(stage.folder, 'disk'), diskBytes);
    stage.keep({ close: () => disk.unmount() });
    try {
      const dataFolder = join(disk.folder, 'data');
      const parent = await stage.parent();
      const digest = await storeImage(parent.content, 'app', buildImage('kept'), ['v1']);
      let node = await stage.node(parent.port, { dataFolder });
      await arrives(stage.client(node), 'v1', digest);
      await stage.close(parent);
      for (let start = 0; start < 2; start++) {
        await stage.close(node);
        await appendFile(join(disk.folder, 'filler'), Buffer.alloc(diskBytes)).catch(() => undefined);
        node = await stage.node(parent.port, { dataFolder });
        assert.ok(await has(stage.client(node), 'v1', digest));
      }
    } finally {
      await stage.strike();
    }
  });
});
