// A tag that both sides moved while apart, when a full sync takes the place of the events that would tell of it: the listing shows only
// the move that came last.
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage, uploadImage } from '../../fixtures/images/stored.ts';
import { jumpingClock, type JumpingClock } from '../../fixtures/jumping-clock.ts';
import type { Parent } from '../../fixtures/parent.ts';
import { arrives, arrivesAbove, has, SyncStage } from '../../fixtures/sync-stage.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import type { RemoteRegistry } from '../remote/open.ts';

const dayMs = 86_400_000;
const holdBack = (parent: Parent): void => {
  parent.intercept = ({ url }, response) => {
    const isRound = url?.endsWith('/sync') === true;
    if (isRound) response.writeHead(503).end();
    return isRound;
  };
};
const conflictOf = ({ status }: Parent) =>
  status?.statusDetails.find(({ code }) => code === 'TagConflict')?.description;

describe(
  'a tag that was moved on both sides before a full sync',
  ({ test, beforeEach, afterEach }) => {
    let stage: SyncStage;
    let clock: JumpingClock;
    let parent: Parent;
    let registry: RemoteRegistry;
    beforeEach(async () => {
      clock = jumpingClock();
      stage = await SyncStage.set(clock);
      parent = await stage.parent({ messageTtl: 'P1D' });
      const old = await storeImage(parent.content, 'app', buildImage('old'), ['v1']);
      const node = await stage.node(parent.port);
      await arrives(stage.client(node), 'v1', old);
      await waitFor('the first full sync to end', () => parent.status?.lastSyncTime);
      // A round that waits at the parent would be answered all the same.
      await stage.close(node);
      holdBack(parent);
      registry = stage.client(await stage.node(parent.port));
    });
    afterEach(() => stage.strike());

    for (const [why, begin] of [
      ['that was asked for', () => parent.demandFullSync('ManualResync')],
      ['because the events expired', () => clock.jump(2 * dayMs)],
    ] as const) {
      test(`is told with both digests after one ${why}`, async () => {
        const theirs = await storeImage(parent.content, 'app', buildImage('theirs'), ['v1']);
        begin();
        const ours = await uploadImage(registry, 'app', buildImage('ours'), 'v1');
        await arrivesAbove(parent, 'v1', ours);
        parent.intercept = undefined;
        const told = await waitFor('the conflict', () => conflictOf(parent));
        for (const part of ['app:v1', ours, theirs]) assert.ok(told.includes(part), part);
        assert.ok(await has(registry, 'v1', ours));
        const decided = await storeImage(parent.content, 'app', buildImage('decided'), ['v1']);
        await arrives(registry, 'v1', decided);
        await waitFor('the report to end', () => !conflictOf(parent));
      });
    }

    test('is not told when others moved it once more', async () => {
      await storeImage(parent.content, 'app', buildImage('theirs'), ['v1']);
      parent.demandFullSync('ManualResync');
      const ours = await uploadImage(registry, 'app', buildImage('ours'), 'v1');
      await arrivesAbove(parent, 'v1', ours);
      const last = await storeImage(parent.content, 'app', buildImage('last'), ['v1']);
      parent.intercept = undefined;
      await arrives(registry, 'v1', last);
      const later = await storeImage(parent.content, 'app', buildImage('later'), ['v2']);
      await arrives(registry, 'v2', later);
      assert.equal(conflictOf(parent), undefined);
    });

    test('is not told when the full sync itself had shown the one who moved it on what others had', async () => {
      const theirs = await storeImage(parent.content, 'app', buildImage('theirs'), ['v1']);
      const last = buildImage('last');
      await storeImage(parent.content, 'tools/last', last, ['v1']);
      parent.demandFullSync('ManualResync');
      let mayPush = false;
      parent.intercept = ({ method, url = '' }, response) => {
        const isLast = url.endsWith(last.blobs[1]!.digest);
        const isPush = method === 'POST' && url.includes('/blobs/uploads/');
        const isRefused = isLast || (isPush && !mayPush);
        if (isRefused) response.writeHead(503).end();
        return isRefused;
      };
      await arrives(registry, 'v1', theirs);
      const ours = await uploadImage(registry, 'app', buildImage('ours'), 'v1');
      // What the first page lists is told again before the move has gone up.
      const asked = (): number =>
        parent.requests.filter((line) => line.endsWith(last.blobs[1]!.digest)).length;
      const before = asked();
      await waitFor('the page to be read again', () => asked() > before + 1);
      mayPush = true;
      await arrivesAbove(parent, 'v1', ours);
      const synced = parent.status?.lastSyncTime;
      parent.intercept = undefined;
      await arrives(registry, 'v1', last.digest, 'tools/last');
      await waitFor('the full sync to end', () => parent.status?.lastSyncTime !== synced);
      assert.equal(conflictOf(parent), undefined);
    });
  },
  { timeoutMs: 60_000 },
);
