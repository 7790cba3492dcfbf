// A disk that forgets, on a site with a parent: what scrub takes out of service comes back from the parent by itself, and what the
// parent does not have is told by name.
import { rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { readFlow } from '../../fixtures/read-flow.ts';
import { askControl } from '../../fixtures/control.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { arrives, has, SyncStage } from '../../fixtures/sync-stage.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { type Digest, digestHex } from '../oci/digest.ts';
import { parseRepositoryName } from '../oci/name.ts';
import type { RemoteRegistry } from '../remote/open.ts';
import type { ScrubStatus } from '../upkeep/scrubs.ts';

const app = parseRepositoryName('app');
const image = buildImage('damaged', [300_000]);
const layer = image.blobs[1]!;

describe('a node whose disk forgets', ({ test, beforeEach, afterEach }) => {
  let stage: SyncStage;
  let dataFolder: string;
  beforeEach(async () => {
    stage = await SyncStage.set();
    dataFolder = join(stage.folder, 'site1');
  });
  afterEach(() => stage.strike());

  const scrub = async (): Promise<ScrubStatus> => {
    await askControl(dataFolder, 'POST', '/scrub');
    return waitFor('the scrub', async () => {
      const status = await askControl<ScrubStatus>(dataFolder, 'GET', '/scrub');
      return status.state === 'Running' ? undefined : status;
    });
  };
  const fileOf = (digest: Digest): string => {
    const hex = digestHex(digest);
    return join(dataFolder, 'content', 'blobs', 'sha256', hex.slice(0, 2), hex);
  };
  const reads = async (registry: RemoteRegistry): Promise<boolean> => {
    try {
      return layer.bytes.equals(await readFlow(await registry.openBlob('app', layer.digest)));
    } catch {
      return false;
    }
  };

  test('fetches a damaged blob from its parent again', async () => {
    const parent = await stage.parent();
    await storeImage(parent.content, 'app', image, ['v1']);
    const registry = stage.client(await stage.node(parent.port));
    await arrives(registry, 'v1', image.digest);
    await writeFile(fileOf(layer.digest), Buffer.alloc(layer.bytes.length));
    assert.equal((await scrub()).damaged, 1);
    await waitFor('the blob', () => reads(registry));
    await waitFor('a status without trouble', () => parent.status?.statusDetails.length === 0);
  });

  test('fetches a damaged manifest from its parent again, and its tag never pointed elsewhere', async () => {
    const parent = await stage.parent();
    await storeImage(parent.content, 'app', image, ['v1']);
    const node = await stage.node(parent.port);
    const registry = stage.client(node);
    await arrives(registry, 'v1', image.digest);
    const database = new DatabaseSync(join(dataFolder, 'content', 'registry.db'));
    database.prepare('UPDATE manifests SET bytes = ?').run(Buffer.from('{}'));
    database.close();
    assert.equal((await scrub()).damaged, 1);
    await waitFor('the manifest', () => has(registry, 'v1', image.digest));
  });

  test('tells its parent what is damaged on both sides, until somebody pushes it again', async () => {
    const parent = await stage.parent();
    await storeImage(parent.content, 'app', image, ['v1']);
    const registry = stage.client(await stage.node(parent.port));
    await arrives(registry, 'v1', image.digest);
    await parent.content.unlinkBlob(app, layer.digest);
    await rm(fileOf(layer.digest));
    await scrub();
    const details = await waitFor('the trouble', () => parent.status?.statusDetails[0]);
    assert.equal(details.code, 'DamagedContent');
    assert.match(details.description, new RegExp(`^${layer.digest} is damaged`));
    assert.equal(await reads(registry), false);
  });

  test('passes over what is locked against reading at its parent, and mends the rest', async () => {
    const free = buildImage('free', [1000]);
    const parent = await stage.parent();
    await storeImage(parent.content, 'app', image, ['v1']);
    await storeImage(parent.content, 'tools/a', free, ['v1']);
    const registry = stage.client(await stage.node(parent.port));
    await arrives(registry, 'v1', image.digest);
    await arrives(registry, 'v1', free.digest, 'tools/a');
    await parent.content.metadata.setAttributes({ repository: app }, { readEnabled: false });
    const freeLayer = free.blobs[1]!.digest;
    await rm(fileOf(layer.digest));
    await rm(fileOf(freeLayer));
    assert.equal((await scrub()).damaged, 2);
    await waitFor('the other blob', async () => (await registry.blobSize('tools/a', freeLayer)) === 1000);
    const codes = (): string[] => (parent.status?.statusDetails ?? []).map(({ code }) => code);
    await waitFor('the trouble', () => codes().includes('DamagedContent'));
    assert.deepEqual(codes(), ['DamagedContent']);
  });
});
