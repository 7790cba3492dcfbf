// Images that are damaged at the parent, over real HTTP: nothing waits for them, they are told by name, and come when they can.
import { grantsOn } from '../../fixtures/configuration.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { jumpingClock, type JumpingClock } from '../../fixtures/jumping-clock.ts';
import type { Parent } from '../../fixtures/parent.ts';
import { arrives, has, SyncStage } from '../../fixtures/sync-stage.ts';
import { tagOften } from '../../fixtures/tag-often.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';

const app = parseRepositoryName('app');
const damaged = buildImage('damaged', [10_000]);
const good = buildImage('good');
const layer = damaged.blobs[1]!;

/** The layer comes with other bytes until it is mended. Counts how often it came. */
function damage(parent: Parent): { asked: number } {
  const seen = { asked: 0 };
  parent.intercept = ({ method, url }, response) => {
    if (method !== 'GET' || !url?.endsWith(layer.digest)) return false;
    seen.asked++;
    response.writeHead(200, { 'content-length': layer.bytes.length }).end(Buffer.alloc(layer.bytes.length));
    return true;
  };
  return seen;
}

describe(
  'an image that is damaged at the parent',
  ({ test, beforeEach, afterEach }) => {
    let stage: SyncStage;
    let clock: JumpingClock;
    beforeEach(async () => {
      stage = await SyncStage.set();
      clock = jumpingClock();
    });
    afterEach(() => stage.strike());

    const details = (parent: Parent) =>
      parent.status?.statusDetails.filter(({ code }) => code === 'DamagedAtParent') ?? [];

    test('keeps back nothing that came after it, is told over a restart, and comes when it is whole', async () => {
      const parent = await stage.parent();
      const node = await stage.node(parent.port, {}, 'site1', clock);
      const registry = stage.client(node);
      await arrives(registry, 'v1', await storeImage(parent.content, 'app', good, ['v1']));
      const seen = damage(parent);
      await storeImage(parent.content, 'app', damaged, ['v1', 'v2']);
      await tagOften(parent.content, 'app', good.digest, 1100);
      await arrives(registry, 'many-1099', good.digest);
      const [told] = await waitFor('the trouble', () => details(parent)[0] && details(parent));
      for (const part of [damaged.digest, layer.digest, 'v1, v2', 'resync -r <registry> -n site1'])
        assert.ok(told!.description.includes(part), part);
      assert.deepEqual(parent.status?.setAside, [damaged.digest]);
      assert.ok(await has(registry, 'v1', good.digest));
      assert.ok(seen.asked <= 3, `${seen.asked} times`);

      await stage.close(node);
      const restarted = stage.client(await stage.node(parent.port, {}, 'site1', clock));
      await waitFor('the trouble', () => details(parent).length === 1);
      parent.intercept = undefined;
      clock.jump(3_600_000);
      for (const tag of ['v1', 'v2']) await arrives(restarted, tag, damaged.digest);
      await waitFor('the trouble to end', () => details(parent).length === 0 && !parent.status?.setAside);
    });

    test('does not get back a tag that went elsewhere meanwhile', async () => {
      const parent = await stage.parent();
      const registry = stage.client(await stage.node(parent.port, {}, 'site1', clock));
      damage(parent);
      await storeImage(parent.content, 'app', damaged, ['v1', 'v2', 'v3']);
      await waitFor('the trouble', () => details(parent).length === 1);
      await parent.content.untag(app, parseTag('v2'), { origin: 'client' });
      await storeImage(parent.content, 'app', good, ['v1']);
      await arrives(registry, 'v1', good.digest);
      parent.intercept = undefined;
      clock.jump(3_600_000);
      // Ends the round that waits since before the clock jumped.
      await storeImage(parent.content, 'tools/later', good, ['v1']);
      await arrives(registry, 'v3', damaged.digest);
      assert.ok(await has(registry, 'v1', good.digest));
      assert.ok(await has(registry, 'v2', undefined));
    });

    test('is fetched at once by a full sync, which goes past it too', async () => {
      const parent = await stage.parent();
      damage(parent);
      await storeImage(parent.content, 'app', damaged, ['v1']);
      const later = await storeImage(parent.content, 'tools/later', good, ['v1']);
      const registry = stage.client(await stage.node(parent.port, {}, 'site1', clock));
      await arrives(registry, 'v1', later, 'tools/later');
      await waitFor('the full sync to end', () => parent.status?.lastSyncTime);
      assert.deepEqual(parent.status?.setAside, [damaged.digest]);
      parent.intercept = undefined;
      parent.demandFullSync('ManualResync');
      await arrives(registry, 'v1', damaged.digest);
      await waitFor('the trouble to end', () => details(parent).length === 0 && !parent.status?.setAside);
    });

    test('keeps back nothing when it may not be read any more, and is forgotten then', async () => {
      const parent = await stage.parent();
      const node = await stage.node(parent.port, {}, 'site1', clock);
      damage(parent);
      await storeImage(parent.content, 'app', damaged, ['v1']);
      await waitFor('the trouble', () => details(parent).length === 1);
      await stage.close(node);
      parent.configure({ grants: grantsOn('tools/*') });
      clock.jump(3_600_000);
      const registry = stage.client(await stage.node(parent.port, {}, 'site1', clock));
      await arrives(
        registry,
        'v1',
        await storeImage(parent.content, 'tools/later', good, ['v1']),
        'tools/later',
      );
      await waitFor('the trouble to end', () => details(parent).length === 0 && !parent.status?.setAside);
    });

    test('is forgotten when it is deleted at the parent', async () => {
      const parent = await stage.parent();
      await stage.node(parent.port, {}, 'site1', clock);
      damage(parent);
      await storeImage(parent.content, 'app', damaged, ['v1']);
      await waitFor('the trouble', () => details(parent).length === 1);
      await parent.content.deleteManifest(app, damaged.digest, { origin: 'client' });
      await waitFor('the trouble to end', () => details(parent).length === 0 && !parent.status?.setAside);
    });
  },
  { timeoutMs: 30_000 },
);
