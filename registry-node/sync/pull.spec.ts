// The way down, against a real parent over real HTTP: what a node holds, how soon, and what a cut costs it.
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { arrives, chunkBytes, has, SyncStage } from '../../fixtures/sync-stage.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { grantsOn } from '../../fixtures/configuration.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';

const app = parseRepositoryName('app');
const v2 = parseTag('v2');

describe(
  'a node that pulls',
  ({ test, beforeEach, afterEach }) => {
    let stage: SyncStage;
    beforeEach(async () => {
      stage = await SyncStage.set();
    });
    afterEach(() => stage.strike());

    test('copies what is there, then each push, untag and delete as it happens', async () => {
      const parent = await stage.parent();
      const first = await storeImage(parent.content, 'app', buildImage('first', [200_000, 10]), ['v1']);
      await storeImage(parent.content, 'other', buildImage('not granted'), ['v1']);
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v1', first);
      const second = await storeImage(parent.content, 'app', buildImage('second'), ['v1', 'v2']);
      await arrives(registry, 'v1', second);
      await arrives(registry, 'v2', second);
      await parent.content.untag(app, v2, { origin: 'client' });
      await arrives(registry, 'v2', undefined);
      await parent.content.deleteManifest(app, second, { origin: 'client' });
      await arrives(registry, 'v1', undefined);
      const gone = async () => (await registry.manifest('app', { digest: second })) === undefined;
      await waitFor('the manifest to go after its tag', gone);
      assert.ok(await registry.manifest('app', { digest: first }));
      assert.ok(!parent.requests.some((request) => request.includes('/v2/other/')));
    });

    test('passes over what is locked against reading at the parent, and fetches it when it is not any more', async () => {
      const parent = await stage.parent();
      const locked = await storeImage(parent.content, 'app', buildImage('locked'), ['locked']);
      const target = { repository: app, digest: locked };
      await parent.content.metadata.setAttributes(target, { readEnabled: false });
      const open = await storeImage(parent.content, 'app', buildImage('open'), ['open']);
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'open', open);
      const later = await storeImage(parent.content, 'app', buildImage('later'), ['later']);
      await arrives(registry, 'later', later);
      assert.ok(await has(registry, 'locked', undefined));
      await parent.content.metadata.setAttributes(target, { readEnabled: true });
      await arrives(registry, 'locked', locked);
    });

    test('shows a push at an idle node within a second', async () => {
      const parent = await stage.parent();
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v1', undefined);
      await arrives(registry, 'warm', await storeImage(parent.content, 'app', buildImage('warm'), ['warm']));
      const begin = performance.now();
      await arrives(registry, 'v1', await storeImage(parent.content, 'app', buildImage('fast'), ['v1']));
      assert.ok(performance.now() - begin < 1000);
    });

    test('asks nothing while nothing happens', async () => {
      const parent = await stage.parent();
      await stage.node(parent.port);
      await waitFor('the first full sync', () => parent.status?.lastSyncTime);
      await waitFor('the long round', () => parent.status?.state === 'Online');
      const asked = parent.requests.length;
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.ok(parent.requests.length - asked <= 1, parent.requests.slice(asked).join('\n'));
    });

    test('continues a blob at the byte where the link was cut', async () => {
      const parent = await stage.parent();
      const image = buildImage('large', [1_000_000]);
      const layer = image.blobs[1]!.digest;
      const ranges: string[] = [];
      parent.intercept = (request, response) => {
        if (request.method !== 'GET' || !request.url?.endsWith(layer)) return false;
        ranges.push(request.headers.range ?? '');
        if (ranges.length === 5) response.destroy();
        return ranges.length === 5;
      };
      await storeImage(parent.content, 'app', image, ['v1']);
      await arrives(stage.client(await stage.node(parent.port)), 'v1', image.digest);
      const starts = ranges.map((range) => Number(/bytes=(\d+)-/.exec(range)?.[1]));
      const chunk = 64 * 1024;
      const expected = Array.from(
        { length: Math.ceil(1_000_000 / chunk) },
        (_, position) => position * chunk,
      );
      assert.deepEqual([...new Set(starts)], expected);
      assert.ok(starts.length <= expected.length + 2, `asked for ${starts.length} ranges`);
    });

    test('lets the chunk that moves arrive when it is stopped, and begins no other', async () => {
      const parent = await stage.parent();
      const image = buildImage('large', [5 * chunkBytes]);
      const { digest, bytes } = image.blobs[1]!;
      const starts: number[] = [];
      const moves = Promise.withResolvers<void>();
      const mayArrive = Promise.withResolvers<void>();
      parent.intercept = ({ method, url, headers }, response) => {
        if (method !== 'GET' || !url?.endsWith(digest)) return false;
        const start = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1]);
        if (starts.push(start) !== 3) return false;
        const chunk = bytes.subarray(start, start + chunkBytes);
        response.writeHead(206, {
          'content-range': `bytes ${start}-${start + chunkBytes - 1}/${bytes.length}`,
        });
        response.write(chunk.subarray(0, 1000), () => moves.resolve());
        mayArrive.promise.then(
          () => response.end(chunk.subarray(1000)),
          () => undefined,
        );
        return true;
      };
      await storeImage(parent.content, 'app', image, ['v1']);
      const node = await stage.node(parent.port);
      await moves.promise;
      const stopping = stage.close(node);
      await new Promise((resolve) => setTimeout(resolve, 100));
      mayArrive.resolve();
      await stopping;
      assert.equal(starts.length, 3);
      await arrives(stage.client(await stage.node(parent.port)), 'v1', image.digest);
      assert.deepEqual(
        starts,
        [0, 1, 2, 3, 4].map((chunk) => chunk * chunkBytes),
      );
    });

    test('tells its parent that it is copying, and how much is left', async () => {
      const parent = await stage.parent();
      await stage.node(parent.port);
      await waitFor('the first full sync', () => parent.status?.lastSyncTime);
      const image = buildImage('slow', [500_000]);
      const held = Promise.withResolvers<void>();
      parent.intercept = (request, response) => {
        if (!request.headers.range?.startsWith('bytes=65536-')) return false;
        held.promise.then(
          () => response.destroy(),
          () => undefined,
        );
        return true;
      };
      await storeImage(parent.content, 'app', image, ['v1']);
      const syncing = await waitFor('a report', () =>
        parent.status?.state === 'Syncing' ? parent.status : undefined,
      );
      assert.ok(
        syncing.outstandingBytes > 0 && syncing.outstandingBytes <= 600_000,
        String(syncing.outstandingBytes),
      );
      parent.intercept = undefined;
      held.resolve();
      await waitFor(
        'the copy to end',
        () => parent.status?.state === 'Online' && parent.status.outstandingBytes === 0,
      );
    });

    test('knows early what many images need together, on however narrow a link', async () => {
      const parent = await stage.parent();
      const layerBytes = 50_000;
      for (let image = 0; image < 20; image++)
        await storeImage(parent.content, 'app', buildImage(`image ${image}`, [layerBytes]), [`v${image}`]);
      const held = Promise.withResolvers<void>();
      parent.intercept = (request, response) => {
        if (!request.url?.includes('/blobs/')) return false;
        held.promise.then(
          () => response.destroy(),
          () => undefined,
        );
        return true;
      };
      await stage.node(parent.port, { transfersMax: 1 });
      const known = () => (parent.status?.outstandingBytes ?? 0) > 20 * layerBytes;
      await waitFor('a report of all that is needed', known, { timeoutMs: 15_000 });
      parent.intercept = undefined;
      held.resolve();
      await waitFor('the copy to end', () => parent.status?.state === 'Online');
    });

    for (const [mode, kept] of [
      ['ReadOnly', false],
      ['ReadWrite', true],
    ] as const) {
      test(`that is ${mode} ${kept ? 'keeps' : 'removes'} a repository that is no longer granted, and gets one that is new`, async () => {
        const parent = await stage.parent({ mode });
        const digest = await storeImage(parent.content, 'app', buildImage('app'), ['v1']);
        const tools = await storeImage(parent.content, 'tools/cli', buildImage('tools'), ['v1']);
        const later = await storeImage(parent.content, 'private', buildImage('private'), ['v1']);
        const registry = stage.client(await stage.node(parent.port));
        await arrives(registry, 'v1', digest);
        await arrives(registry, 'v1', tools, 'tools/cli');
        parent.configure({ grants: grantsOn('app', 'private') });
        await arrives(registry, 'v1', later, 'private');
        await waitFor(
          'the full sync to end',
          async () => (await has(registry, 'v1', tools, 'tools/cli')) === kept,
        );
        assert.ok(await has(registry, 'v1', digest));
      });
    }

    test('makes itself equal to its parent when a full sync is demanded', async () => {
      const parent = await stage.parent({ mode: 'ReadOnly' });
      const digest = await storeImage(parent.content, 'app', buildImage('app'), ['v1', 'v2']);
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v2', digest);
      await waitFor('the long round', () => parent.status?.lastSyncTime);
      const before = parent.requests.length;
      parent.demandFullSync('ManualResync');
      await waitFor('three rounds', () => parent.requests.length >= before + 3);
      assert.ok(await has(registry, 'v1', digest));
    });
  },
  { timeoutMs: 30_000 },
);
