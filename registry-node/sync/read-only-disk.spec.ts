// A disk that turns read-only under a running node: it says so to its parent, takes nothing more, and serves what it has.
import { join } from 'node:path';
import { readFlow } from '../../fixtures/read-flow.ts';
import { type BreakingDisk, missingBreakingDisk, mountBreakingDisk } from '../../fixtures/breaking-disk.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage, uploadImage } from '../../fixtures/images/stored.ts';
import { arrives, clientToken, has, SyncStage } from '../../fixtures/sync-stage.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import type { Parent } from '../../fixtures/parent.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import type { RemoteRegistry } from '../remote/open.ts';

const diskBytes = 64 * 1024 * 1024;
const missing = missingBreakingDisk();
const app = parseRepositoryName('app');

describe(
  'a node whose disk turns read-only',
  ({ test, skip, beforeEach, afterEach }) => {
    const news = {
      'an image': (parent: Parent) => storeImage(parent.content, 'app', buildImage('later'), ['v2']),
      'a tag alone': (parent: Parent) =>
        parent.content.tag(app, parseTag('v2'), buildImage('kept').digest, { origin: 'client' }),
    };
    const name = (what: string): string => `says so when the parent tells of ${what}, and serves what it has`;
    if (missing !== undefined) {
      for (const what of Object.keys(news)) skip(name(what), missing);
      return;
    }
    let stage: SyncStage;
    let disk: BreakingDisk;
    let parent: Parent;
    let registry: RemoteRegistry;
    beforeEach(async () => {
      stage = await SyncStage.set();
      disk = stage.keep(await mountBreakingDisk(join(stage.folder, 'disk'), diskBytes));
      parent = await stage.parent();
      const kept = await storeImage(parent.content, 'app', buildImage('kept'), ['v1']);
      registry = stage.client(await stage.node(parent.port, { dataFolder: join(disk.folder, 'data') }));
      await arrives(registry, 'v1', kept);
      await waitFor('the first full sync', () => parent.status?.lastSyncTime);
    });
    afterEach(() => stage.strike());

    for (const [what, tell] of Object.entries(news)) {
      test(name(what), async () => {
        await disk.turnReadOnly();
        await tell(parent);
        const told = await waitFor('the trouble', () =>
          parent.status?.statusDetails.find(({ code }) => code === 'DiskError'),
        );
        assert.match(told.description, /(is read-only|disk fails).*Pulls are served/);
        assert.ok(await has(registry, 'v1', buildImage('kept').digest));
        for (const { digest, bytes } of buildImage('kept').blobs) {
          assert.ok((await readFlow(await registry.openBlob('app', digest))).equals(bytes));
        }
        await assert.rejects(uploadImage(registry, 'app', buildImage('pushed'), 'v3'), { kind: 'failed' });
      });
    }

    test('refuses a token that is disabled above all the same', async () => {
      await disk.turnReadOnly();
      parent.configure({ clientTokens: [{ ...clientToken, status: 'disabled' }] });
      await waitFor('the token to be refused', () =>
        registry.manifest('app', { tag: parseTag('v1') }).then(
          () => false,
          () => true,
        ),
      );
    });
  },
  { timeoutMs: 30_000 },
);
