// What is read here for a plan, while clients go on changing it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { systemClock } from '../clock.ts';
import type { Content } from '../content/content.ts';
import { openContent } from '../content/open.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { readLocalView } from './local-view.ts';
import { createPending } from './pending.ts';
import { planListing } from './plan.ts';
import { openSyncState } from './state.ts';

const app = parseRepositoryName('app');

describe('the local view', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let content: Content;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-local-view-'));
    content = await openContent({ folder, clock: systemClock });
  });
  afterEach(async () => {
    await content.close();
    await rm(folder, { recursive: true });
  });

  test('knows that a client deleted what it finds missing, also when that was while it looked', async () => {
    const digest = await storeImage(content, 'app', buildImage('deleted'), [], { origin: 'parent' });
    const state = await openSyncState(join(folder, 'sync.json'), content.feed.id);
    const pending = createPending(content.feed, state);
    const deletedMeanwhile: Pick<Content, 'manifest'> = {
      manifest: async (repository, reference) => {
        await content.deleteManifest(app, digest, { origin: 'client' });
        return content.manifest(repository, reference);
      },
    };
    const listed = [{ repository: app, digest, size: 1, tags: [] }];
    const local = await readLocalView(deletedMeanwhile, pending, listed);
    assert.ok(!local.has(app, digest));
    assert.ok(local.deletedHere(app, digest));
    assert.deepEqual(planListing(listed, local).images, []);
  });
});
