// A control plane that is started again on a full disk: it answers, and its registries serve what they have.
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, startCloud } from '../fixtures/cloud.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { provision, registry } from '../fixtures/provisioned-cloud.ts';
import { missingSmallDisk, mountSmallDisk } from '../fixtures/small-disk.ts';

const diskBytes = 32 * 1024 * 1024;
const writesMax = 1000;

describe('a control plane on a full disk', ({ test, skip }) => {
  const name = 'starts again, and so do its registries; what it cannot write it refuses with the reason';
  const missing = missingSmallDisk();
  if (missing !== undefined) return skip(name, missing);

  test(name, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'acrc-full-'));
    const disk = await mountSmallDisk(folder, diskBytes);
    const credentialFile = join(folder, 'credential.json');
    const cloud = await startCloud({ dataFolder: join(folder, 'data'), credentialFile });
    try {
      await provision(cloud);
      for (let start = 0; start < 3; start++) {
        await cloud.stop();
        await appendFile(join(folder, 'filler'), Buffer.alloc(diskBytes)).catch(() => undefined);
        await cloud.start();
        const shown = await cloud.arm('GET', registry);
        assert.equal(shown.at('properties.provisioningState'), 'Succeeded');
        const { status } = await cloud.call(`https://${shown.text('properties.loginServer')}/v2/`);
        assert.equal(status, 401);
      }
      await appendFile(join(folder, 'filler'), Buffer.alloc(diskBytes)).catch(() => undefined);
      const actions = Array.from({ length: 500 }, (_, n) => `repositories/some/repository/${n}/content/read`);
      let refused: Answer;
      for (let made = 0; ; made++) {
        assert.ok(made < writesMax, 'the disk is full some time');
        refused = await cloud.arm('PUT', `${registry}/scopeMaps/map-${made}`, { properties: { actions } });
        if (refused.status !== 200) break;
      }
      assert.deepEqual([refused.status, refused.at('error.code')], [507, 'InsufficientStorage']);
      assert.match(refused.text('error.message'), /disk of the control plane is full.*control-plane gc/);
      assert.equal((await cloud.arm('GET', registry)).status, 200);
    } finally {
      await cloud.close();
      await disk.unmount();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
