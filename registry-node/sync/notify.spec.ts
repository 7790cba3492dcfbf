// A node that tells of what happens at it: which events, and that none is lost on the way.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage, uploadImage } from '../../fixtures/images/stored.ts';
import { jumpingClock } from '../../fixtures/jumping-clock.ts';
import type { Parent } from '../../fixtures/parent.ts';
import { arrives, SyncStage } from '../../fixtures/sync-stage.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { waitingMax } from '../notifications/outbox.ts';
import { parseTag } from '../oci/reference.ts';

const told = ({ notifications }: Parent): string[] =>
  notifications.map(({ action, repository, tag }) => `${action} ${repository}:${tag ?? ''}`);
const tells = (parent: Parent, ...expected: string[]): Promise<unknown> =>
  waitFor(`${expected.join(', ')} to be told`, () => expected.every((each) => told(parent).includes(each)));

/** Refuses notifications from now on. @returns what each refused request held */
function refuse(parent: Parent): { id: string; tag?: string }[][] {
  const refused: { id: string; tag?: string }[][] = [];
  parent.intercept = (request, response) => {
    if (!request.url?.endsWith('/notify')) return false;
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', () => {
      refused.push((JSON.parse(text) as { notifications: { id: string; tag?: string }[] }).notifications);
      response.writeHead(503).end();
    });
    return true;
  };
  return refused;
}

/** Adds `count` of what waits in it already, under other ids and tags. */
function fillOutbox(file: string, count: number): void {
  const database = new DatabaseSync(file);
  database
    .prepare(
      `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?),
        copies (id, n) AS (SELECT printf('00000000-0000-4000-8000-%012d', n), n FROM numbers)
      INSERT INTO notifications (id, at, content)
        SELECT copies.id, at, json_set(content, '$.id', copies.id, '$.tag', 'v' || n) FROM copies, notifications`,
    )
    .run(count);
  database.close();
}

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
      const refused = refuse(parent);
      await uploadImage(stage.client(first), 'app', buildImage('one'), 'v1');
      await waitFor('a refusal', () => refused.length > 0);
      await stage.close(first);
      parent.intercept = undefined;
      const again = stage.client(await stage.node(parent.port));
      await uploadImage(again, 'app', buildImage('two'), 'v2');
      await tells(parent, 'push app:v1', 'push app:v2');
      assert.deepEqual(told(parent), ['push app:v1', 'push app:v2']);
      assert.equal(parent.notifications[0]!.id, refused[0]![0]!.id);
      assert.ok(await again.manifest('app', { tag: parseTag('v1') }));
    });

    test('gives up what waited longer than the message TTL, and tells what came after', async () => {
      const clock = jumpingClock();
      const parent = await stage.parent({ notifications: ['*:*:*'], messageTtl: 'P1D' });
      const node = stage.client(await stage.node(parent.port, {}, 'site1', clock));
      await waitFor('the node', () => parent.status?.lastSyncTime);
      const refused = refuse(parent);
      await uploadImage(node, 'app', buildImage('old'), 'old');
      await waitFor('a refusal', () => refused.length > 0);
      clock.jump(2 * 24 * 3_600_000);
      await uploadImage(node, 'app', buildImage('new'), 'new');
      await waitFor('only the newer to be left', () => refused.at(-1)!.every(({ tag }) => tag === 'new'));
      parent.intercept = undefined;
      await tells(parent, 'push app:new');
      assert.deepEqual(told(parent), ['push app:new']);
    });

    test('gives up the oldest when as many wait as may, and tells all others', async () => {
      const parent = await stage.parent({ notifications: ['*:*:*'] });
      const first = await stage.node(parent.port);
      await waitFor('the node', () => parent.status?.lastSyncTime);
      const refused = refuse(parent);
      await uploadImage(stage.client(first), 'app', buildImage('oldest'), 'oldest');
      await waitFor('a refusal', () => refused.length > 0);
      await stage.close(first);
      fillOutbox(join(stage.folder, 'site1', 'notifications.sqlite'), waitingMax - 1);
      const again = stage.client(await stage.node(parent.port));
      await uploadImage(again, 'app', buildImage('newest'), 'newest');
      await waitFor('the oldest to be given up', () => refused.at(-1)!.every(({ tag }) => tag !== 'oldest'));
      parent.intercept = undefined;
      await waitFor('all to be told', () => parent.notifications.at(-1)?.tag === 'newest');
      assert.equal(parent.notifications.length, waitingMax);
      assert.ok(!told(parent).includes('push app:oldest'));
    });

    test('keeps them for a parent that is too old to take them', async () => {
      const parent = await stage.parent({ notifications: ['*:*:*'] });
      let isOld = true;
      parent.intercept = (request, response) => {
        if (!isOld || !request.url?.endsWith('/notify')) return false;
        const body = { errors: [{ code: 'UNSUPPORTED', message: 'there is nothing' }] };
        response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        return true;
      };
      const node = stage.client(await stage.node(parent.port));
      await waitFor('the node', () => parent.status?.lastSyncTime);
      await uploadImage(node, 'app', buildImage('one'), 'v1');
      await waitFor('the question', () => parent.requests.some((request) => request.endsWith('/notify')));
      isOld = false;
      await uploadImage(node, 'app', buildImage('two'), 'v2');
      await tells(parent, 'push app:v1', 'push app:v2');
      assert.deepEqual(parent.status?.statusDetails, []);
    });
  },
  { timeoutMs: 60_000 },
);
