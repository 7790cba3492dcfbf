// The way up, against a real parent over real HTTP: what happened on site arrives above, whatever happened meanwhile.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import {
  buildImage,
  storeImage,
  storeIndex,
  uploadImage,
  withMembers,
} from '../../fixtures/images/stored.ts';
import { arrives, arrivesAbove, chunkBytes, has, SyncStage } from '../../fixtures/sync-stage.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { grantsOn } from '../../fixtures/configuration.ts';
import { tagOften } from '../../fixtures/tag-often.ts';
import { digestOf } from '../oci/digest.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';

const app = parseRepositoryName('app');
const v2 = parseTag('v2');

describe(
  'a node that pushes up',
  ({ test, beforeEach, afterEach }) => {
    let stage: SyncStage;
    beforeEach(async () => {
      stage = await SyncStage.set();
    });
    afterEach(() => stage.strike());

    test('brings up pushes, tags, untags and deletes of clients', async () => {
      const parent = await stage.parent();
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v1', undefined);
      const image = buildImage('pushed on site', [300_000]);
      await uploadImage(registry, 'app', image, 'v1');
      await uploadImage(registry, 'app', image, 'v2');
      await arrivesAbove(parent, 'v1', image.digest);
      await arrivesAbove(parent, 'v2', image.digest);
      const { events } = await parent.content.feed.read({ after: 0, limit: 9 });
      assert.deepEqual(events[0]?.origin, { connectedRegistry: 'site1' });
      await registry.deleteManifest('app', { tag: v2 });
      await arrivesAbove(parent, 'v2', undefined);
      await registry.deleteManifest('app', { digest: image.digest });
      await arrivesAbove(parent, 'v1', undefined);
      assert.ok(await has(registry, 'v1', undefined));
    });

    test('brings up an image that is named by sha512 under that name, its tag too', async () => {
      const parent = await stage.parent();
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v1', undefined);
      const image = buildImage('named by sha512');
      image.digest = digestOf(image.manifest, 'sha512');
      await uploadImage(registry, 'app', image, 'v1');
      assert.ok(await has(registry, 'v1', image.digest));
      await arrivesAbove(parent, 'v1', image.digest);
      assert.equal(await parent.content.manifest(app, { digest: digestOf(image.manifest) }), undefined);
    });

    test('brings up a layer with urls when a client pushed it all the same', async () => {
      const parent = await stage.parent();
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v1', undefined);
      const plain = buildImage('with urls');
      const { layers } = JSON.parse(plain.manifest.toString()) as { layers: object[] };
      const image = withMembers(plain, {
        layers: layers.map((layer) => Object.assign(layer, { urls: ['https://layers.invalid/'] })),
      });
      await uploadImage(registry, 'app', image, 'v1');
      await arrivesAbove(parent, 'v1', image.digest);
      const layer = image.blobs[1]!;
      assert.equal(await parent.content.blobSize(app, layer.digest), layer.bytes.length);
    });

    test('continues an upload where it was cut, in the same session', async () => {
      const parent = await stage.parent();
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v1', undefined);
      const starts: number[] = [];
      parent.intercept = (request, response) => {
        if (request.method !== 'PATCH') return false;
        starts.push(Number(/^(\d+)-/.exec(request.headers['content-range'] ?? '')?.[1]));
        const cut = starts.length === 4;
        if (cut) response.destroy();
        return cut;
      };
      const image = buildImage('large', [5 * chunkBytes]);
      await uploadImage(registry, 'app', image, 'v1');
      await arrivesAbove(parent, 'v1', image.digest);
      // The config goes up beside the layer, and is the one other upload.
      const layerStarts = starts.filter((start, position) => start > 0 || starts.indexOf(0) === position);
      assert.deepEqual(
        [...new Set(layerStarts)],
        [0, 1, 2, 3, 4].map((chunk) => chunk * chunkBytes),
      );
      const begun = parent.requests.filter(
        (request) => request.startsWith('POST') && request.includes('/blobs/uploads/'),
      );
      assert.equal(begun.length, 2, begun.join('\n'));
    });

    test('serves while it is cut, and afterwards both sides hold what either did', async () => {
      let parent = await stage.parent();
      const { port } = parent;
      const before = await storeImage(parent.content, 'app', buildImage('before'), ['v1']);
      const registry = stage.client(await stage.node(port));
      await arrives(registry, 'v1', before);
      await stage.close(parent);
      const onSite = await uploadImage(registry, 'app', buildImage('on site'), 'site');
      assert.ok(await has(registry, 'v1', before));
      parent = await stage.parent({}, port);
      const atTop = await storeImage(parent.content, 'app', buildImage('at the top'), ['top']);
      await arrivesAbove(parent, 'site', onSite);
      await arrives(registry, 'top', atTop);
    });

    test('resolves a tag that both sides moved while apart, and names the conflict with both digests', async () => {
      let parent = await stage.parent();
      const { port } = parent;
      const old = await storeImage(parent.content, 'app', buildImage('old'), ['v1']);
      const registry = stage.client(await stage.node(port));
      await arrives(registry, 'v1', old);
      await stage.close(parent);
      const ours = await uploadImage(registry, 'app', buildImage('ours'), 'v1');
      parent = await stage.parent({}, port);
      parent.intercept = (request, response) => {
        // Holds the way up back until the way down has met the conflict.
        if (
          request.method !== 'HEAD' ||
          parent.status?.statusDetails.some(({ code }) => code === 'TagConflict')
        )
          return false;
        response.writeHead(503).end();
        return true;
      };
      const theirs = await storeImage(parent.content, 'app', buildImage('theirs'), ['v1']);
      await arrivesAbove(parent, 'v1', ours);
      assert.ok(await has(registry, 'v1', ours));
      assert.ok(await registry.manifest('app', { digest: theirs }));
      const conflict = parent.status?.statusDetails.find(({ code }) => code === 'TagConflict');
      for (const part of ['app:v1', ours, theirs]) assert.ok(conflict?.description.includes(part), part);
    });

    test('names a conflict whose own change went up before the other was seen, until the tag changes again', async () => {
      let parent = await stage.parent();
      const { port } = parent;
      const old = await storeImage(parent.content, 'app', buildImage('old'), ['v1']);
      const registry = stage.client(await stage.node(port));
      await arrives(registry, 'v1', old);
      await stage.close(parent);
      const ours = await uploadImage(registry, 'app', buildImage('ours'), 'v1');
      parent = await stage.parent({}, port);
      let [theyMoved, wentUp] = [false, false];
      parent.intercept = (request, response) => {
        wentUp ||= theyMoved && request.method === 'PUT' && request.url?.endsWith('/manifests/v1') === true;
        if (wentUp || (theyMoved && !request.url?.endsWith('/sync'))) return false;
        response.writeHead(503).end();
        return true;
      };
      const theirs = await storeImage(parent.content, 'app', buildImage('theirs'), ['v1']);
      theyMoved = true;
      await waitFor('the way up', () => wentUp);
      const conflict = () => parent.status?.statusDetails.find(({ code }) => code === 'TagConflict');
      const told = await waitFor('the conflict', conflict);
      for (const part of ['app:v1', ours, theirs]) assert.ok(told.description.includes(part), part);
      await arrivesAbove(parent, 'v1', ours);
      assert.ok(await has(registry, 'v1', ours));
      const decided = await storeImage(parent.content, 'app', buildImage('decided'), ['v1']);
      await arrives(registry, 'v1', decided);
      await waitFor('the report to end', () => !conflict());
    });

    test('follows what came after its own change, while the answer to that is still on its way', async () => {
      const parent = await stage.parent();
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v1', await storeImage(parent.content, 'app', buildImage('old'), ['v1']));
      const mayAnswer = Promise.withResolvers<void>();
      const mayTell = Promise.withResolvers<void>();
      parent.intercept = (request, response) => {
        const isPush = request.method === 'PUT' && request.url?.endsWith('/manifests/v1');
        const holds = isPush ? mayAnswer : request.url?.endsWith('/sync') ? mayTell : undefined;
        const end = response.end.bind(response) as (...parameters: unknown[]) => typeof response;
        response.end = (...parameters: unknown[]) => {
          if (!holds) return end(...parameters);
          holds.promise.then(
            () => end(...parameters),
            () => undefined,
          );
          return response;
        };
        return false;
      };
      const ours = await uploadImage(registry, 'app', buildImage('ours'), 'v1');
      await arrivesAbove(parent, 'v1', ours);
      const theirs = await storeImage(parent.content, 'app', buildImage('theirs'), ['v1']);
      mayTell.resolve();
      await arrives(registry, 'v1', theirs);
      mayAnswer.resolve();
      const later = await uploadImage(registry, 'app', buildImage('later'), 'v2');
      await arrivesAbove(parent, 'v2', later);
      assert.ok(await has(registry, 'v1', theirs));
    });

    for (const [when, restarts, laterTags] of [
      ['in a cut', false, 0],
      ['before a restart', true, 0],
      ['and whose echo is one of many events', true, 1100],
    ] as const) {
      test(`undoes nothing that came after a push whose answer was lost ${when}`, async () => {
        let parent = await stage.parent();
        const { port } = parent;
        const old = await storeImage(parent.content, 'app', buildImage('old'), ['v1']);
        const node = await stage.node(port);
        await arrives(stage.client(node), 'v1', old);
        parent.intercept = (request, response) => {
          if (request.method === 'PUT' && request.url?.endsWith('/manifests/v1')) {
            response.writeHead = () => response.destroy();
            return false;
          }
          const cut = request.url?.endsWith('/sync') === true;
          if (cut) response.destroy();
          return cut;
        };
        const ours = await uploadImage(stage.client(node), 'app', buildImage('ours'), 'v1');
        await arrivesAbove(parent, 'v1', ours);
        if (restarts) await stage.close(node);
        const theirs = await storeImage(parent.content, 'app', buildImage('theirs'), ['v1']);
        await tagOften(parent.content, 'app', theirs, laterTags);
        await stage.close(parent);
        parent = await stage.parent({}, port);
        const registry = stage.client(restarts ? await stage.node(port) : node);
        await arrives(registry, 'v1', theirs);
        const later = await uploadImage(registry, 'app', buildImage('later'), 'v2');
        await arrivesAbove(parent, 'v2', later);
        await arrivesAbove(parent, 'v1', theirs);
      });
    }

    test('makes no push again whose echo was saved before its answer came', async () => {
      const parent = await stage.parent();
      const node = await stage.node(parent.port);
      const registry = stage.client(node);
      await arrives(registry, 'v1', await storeImage(parent.content, 'app', buildImage('old'), ['v1']));
      parent.intercept = (request, response) => {
        if (request.method === 'PUT' && request.url?.endsWith('/manifests/v1')) response.end = () => response;
        return false;
      };
      const ours = await uploadImage(registry, 'app', buildImage('ours'), 'v1');
      await arrivesAbove(parent, 'v1', ours);
      const stateFile = join(stage.folder, 'site1/state/sync.json');
      const cursor = async () => JSON.parse(await readFile(stateFile, 'utf8')).pull.cursor as number;
      await waitFor('the echo to be saved', async () => (await cursor()) === parent.content.feed.head());
      await stage.close(node);
      parent.intercept = undefined;
      const theirs = await storeImage(parent.content, 'app', buildImage('theirs'), ['v1']);
      const restarted = stage.client(await stage.node(parent.port));
      await arrives(restarted, 'v1', theirs);
      const later = await uploadImage(restarted, 'app', buildImage('later'), 'v2');
      await arrivesAbove(parent, 'v2', later);
      await arrivesAbove(parent, 'v1', theirs);
      assert.ok(await has(restarted, 'v1', theirs));
    });

    test('takes for told what the parent tells among many events, and sees no conflict where others came later', async () => {
      const parent = await stage.parent();
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v1', await storeImage(parent.content, 'app', buildImage('old'), ['v1']));
      parent.intercept = (request, response) => {
        const cut = request.url?.endsWith('/sync') === true;
        if (cut) response.destroy();
        return cut;
      };
      const ours = await uploadImage(registry, 'app', buildImage('ours'), 'v1');
      await arrivesAbove(parent, 'v1', ours);
      const theirs = await storeImage(parent.content, 'app', buildImage('theirs'), ['v1']);
      await tagOften(parent.content, 'app', theirs, 1100);
      parent.intercept = undefined;
      await arrives(registry, 'many-1099', theirs);
      assert.ok(await has(registry, 'v1', theirs));
      await waitFor('a report', () => parent.status?.state === 'Online');
      assert.deepEqual(parent.status?.statusDetails, []);
    });

    test('brings up with an index what it lists, when that was deleted at the parent meanwhile', async () => {
      const parent = await stage.parent();
      const image = buildImage('listed');
      const index = await storeIndex(parent.content, 'app', { 'linux/amd64': image }, ['v1']);
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v1', index);
      let isCut = true;
      parent.intercept = ({ method }, response) => {
        const cut = isCut && method === 'HEAD';
        if (cut) response.destroy();
        return cut;
      };
      const stored = await registry.manifest('app', { digest: index });
      await registry.putManifest('app', stored!, v2);
      await parent.content.deleteManifest(app, image.digest, { origin: 'client' });
      const later = await storeImage(parent.content, 'app', buildImage('later'), ['later']);
      await arrives(registry, 'later', later);
      isCut = false;
      await arrivesAbove(parent, 'v2', index);
      assert.ok(await registry.manifest('app', { digest: image.digest }));
      assert.ok(await parent.content.manifest(app, { digest: image.digest }));
    });

    test('holds back what is locked at the parent, and nothing else', async () => {
      const parent = await stage.parent({ grants: grantsOn('app', 'private') });
      const kept = await storeImage(parent.content, 'private', buildImage('kept'), ['v1']);
      const target = { repository: parseRepositoryName('private') };
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v1', kept, 'private');
      await parent.content.metadata.setAttributes(target, { writeEnabled: false });
      const mine = await uploadImage(registry, 'private', buildImage('mine'), 'v1');
      const allowed = await uploadImage(registry, 'app', buildImage('allowed'), 'v1');
      await arrivesAbove(parent, 'v1', allowed);
      await arrivesAbove(parent, 'v1', kept, 'private');
      const told = await waitFor('the trouble', () =>
        parent.status?.statusDetails.find(({ code }) => code === 'PushDenied'),
      );
      assert.match(told.description, /'private' stay .*locked.*repository update .*--repository private/);
      await parent.content.metadata.setAttributes(target, { writeEnabled: true });
      parent.configure({});
      await arrivesAbove(parent, 'v1', mine, 'private');
    });

    test('holds back an image of which a blob was deleted, and nothing else, until it is whole again', async () => {
      let parent = await stage.parent();
      const { port } = parent;
      const node = await stage.node(port);
      const registry = stage.client(node);
      await arrives(registry, 'v1', undefined);
      await stage.close(parent);
      const image = buildImage('not whole', [1000]);
      const layer = image.blobs[1]!;
      await uploadImage(registry, 'app', image, 'v1');
      await stage.deleteBlob(node, 'app', layer.digest);
      const other = await uploadImage(registry, 'tools/a', buildImage('whole'), 'v1');
      parent = await stage.parent({}, port);
      await arrivesAbove(parent, 'v1', other, 'tools/a');
      const told = () => parent.status?.statusDetails.find(({ code }) => code === 'PushIncomplete');
      const { description } = await waitFor('the trouble', told);
      for (const part of ["'app'", image.digest, layer.digest]) assert.ok(description.includes(part), part);
      await uploadImage(registry, 'app', image, 'v2');
      await arrivesAbove(parent, 'v1', image.digest);
      await arrivesAbove(parent, 'v2', image.digest);
      await waitFor('the trouble to be over', () => told() === undefined);
    });

    test('brings up the deletion of an image of which a blob was deleted before', async () => {
      let parent = await stage.parent();
      const { port } = parent;
      const node = await stage.node(port);
      const registry = stage.client(node);
      await arrives(registry, 'v1', undefined);
      await stage.close(parent);
      const image = buildImage('gone', [1000]);
      await uploadImage(registry, 'app', image, 'v1');
      await stage.deleteBlob(node, 'app', image.blobs[1]!.digest);
      await registry.deleteManifest('app', { digest: image.digest });
      const later = await uploadImage(registry, 'app', buildImage('later'), 'v1');
      parent = await stage.parent({}, port);
      await arrivesAbove(parent, 'v1', later);
    });

    test('holds back what its sync token may not push, and nothing else', async () => {
      const parent = await stage.parent();
      const registry = stage.client(await stage.node(parent.port));
      await arrives(registry, 'v1', undefined);
      const secret = await uploadImage(registry, 'private', buildImage('secret'), 'v1');
      const allowed = await uploadImage(registry, 'app', buildImage('allowed'), 'v1');
      await arrivesAbove(parent, 'v1', allowed);
      const told = await waitFor('the trouble', () =>
        parent.status?.statusDetails.find(({ code }) => code === 'PushDenied'),
      );
      assert.match(told.description, /'private' .*permissions update .*--add private/);
      parent.configure({ grants: grantsOn('app', 'private') });
      await arrivesAbove(parent, 'v1', secret, 'private');
      await waitFor('the trouble to go', () => parent.status?.statusDetails.length === 0);
      assert.ok(await has(registry, 'v1', secret, 'private'));
    });
  },
  { timeoutMs: 30_000 },
);
