// A node that tells of what happens at it: which events, and that none is lost on the way.
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage, uploadImage } from '../../fixtures/images/stored.ts';
import type { Parent } from '../../fixtures/parent.ts';
import { arrives, SyncStage } from '../../fixtures/sync-stage.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { parseTag } from '../oci/reference.ts';

const told = ({ notifications }: Parent): string[] =>
  notifications.map(({ action, repository, tag }) => `${action} ${repository}:${tag ?? ''}`);
const tells = (parent: Parent, ...expected: string[]): Promise<unknown> =>
  waitFor(`${expected.join(', ')} to be told`, () => expected.every((each) => told(parent).includes(each)));

describe(
  'a node with notifications',
  ({ test, beforeEach, afterEach }) => {
    let stage: SyncStage;
    beforeEach(async () => {
      stage = await SyncStage.set();
    });
    afterEach(() => stage.strike());

    test('tells of what clients do and of what sync brings, and only of what is in its list', async () => {
      const parent = await stage.parent({ notifications: ['app:*:*', 'tools/*:v2:push'] });
      const node = stage.client(await stage.node(parent.port));
      await waitFor('the node', () => parent.status?.lastSyncTime);
      const down = await storeImage(parent.content, 'app', buildImage('down'), ['v1']);
      await arrives(node, 'v1', down);
      await uploadImage(node, 'tools/a', buildImage('other'), 'v1');
      await uploadImage(node, 'tools/a', buildImage('up'), 'v2');
      await node.deleteManifest('app', { digest: down });
      await tells(parent, 'push app:v1', 'push tools/a:v2', 'delete app:');
      assert.deepEqual(told(parent).toSorted(), ['delete app:', 'push app:v1', 'push tools/a:v2']);
      const [first] = parent.notifications;
      assert.partialDeepStrictEqual(first, {
        connectedRegistry: 'site1',
        digest: down,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
      });
      assert.deepEqual(parent.notifications.find(({ action }) => action === 'delete')!.tags, ['v1']);
    });

    test('tells from then on when notifications are switched on, and no more when they are off', async () => {
      const parent = await stage.parent();
      const node = stage.client(await stage.node(parent.port));
      await waitFor('the node', () => parent.status?.lastSyncTime);
      await uploadImage(node, 'app', buildImage('before'), 'before');
      const requests = (): number => parent.requests.filter((request) => request.endsWith('/notify')).length;
      assert.equal(requests(), 0);
      parent.configure({ notifications: ['*:*:*'] });
      let pushes = 0;
      await waitFor('the list to be known', async () => {
        await uploadImage(node, 'app', buildImage(`try ${pushes}`), `try${pushes++}`);
        return parent.notifications.length > 0;
      });
      assert.ok(!told(parent).includes('push app:before'));
    });

    test('tells again, under the same id, what was not taken, after a restart too', async () => {
      const parent = await stage.parent({ notifications: ['*:*:*'] });
      const first = await stage.node(parent.port);
      await waitFor('the node', () => parent.status?.lastSyncTime);
      const refused: string[] = [];
      parent.intercept = (request, response) => {
        if (!request.url?.endsWith('/notify')) return false;
        let text = '';
        request.on('data', (piece: Buffer) => (text += piece.toString()));
        request.on('end', () => {
          const { notifications } = JSON.parse(text) as { notifications: { id: string }[] };
          refused.push(...notifications.map(({ id }) => id));
          response.writeHead(503).end();
        });
        return true;
      };
      await uploadImage(stage.client(first), 'app', buildImage('one'), 'v1');
      await waitFor('a refusal', () => refused.length > 0);
      await stage.close(first);
      parent.intercept = undefined;
      const again = stage.client(await stage.node(parent.port));
      await uploadImage(again, 'app', buildImage('two'), 'v2');
      await tells(parent, 'push app:v1', 'push app:v2');
      assert.deepEqual(told(parent), ['push app:v1', 'push app:v2']);
      assert.equal(parent.notifications[0]!.id, refused[0]);
      assert.ok(await again.manifest('app', { tag: parseTag('v1') }));
    });
  },
  { timeoutMs: 60_000 },
);
