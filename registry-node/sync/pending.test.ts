// Which local changes have not gone up yet, read from a real feed: what wins over the parent, and until when.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { systemClock } from '../clock.ts';
import type { Content } from '../content/content.ts';
import { openContent } from '../content/open.ts';
import type { WireEvent } from '../gateway/protocol.ts';
import { digestOf } from '../oci/digest.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import { isLocal, lastOwnWords } from './echo.ts';
import { createPending, type Pending } from './pending.ts';
import { openSyncState, type SyncState } from './state.ts';

const app = parseRepositoryName('app');
const v1 = parseTag('v1');

describe('pending changes', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let content: Content;
  let state: SyncState;
  let pending: Pending;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-pending-'));
    content = await openContent({ folder, clock: systemClock });
    state = await openSyncState(join(folder, 'sync.json'), content.feed.id);
    pending = createPending(content.feed, state);
  });
  afterEach(async () => {
    await content.close();
    await rm(folder, { recursive: true });
  });
  const push = (seed: string, origin: 'client' | 'parent' = 'client') =>
    storeImage(content, 'app', buildImage(seed), ['v1'], { origin });
  const settleAll = async (): Promise<void> => {
    for (const event of (await content.feed.read({ after: 0, limit: 100, accept: isLocal })).events)
      pending.settle(event);
  };

  test('are those of clients and not those of the parent', async () => {
    await push('from above', 'parent');
    await pending.refresh();
    assert.equal(pending.tag(app, v1), undefined);
    const digest = await push('on site');
    await pending.refresh();
    assert.deepEqual(pending.tag(app, v1)?.digest, digest);
    assert.ok(pending.manifest(app, digest));
    assert.ok(pending.repository(app));
  });

  test('of a tag that was taken away say so', async () => {
    await push('from above', 'parent');
    await content.untag(app, v1, { origin: 'client' });
    await pending.refresh();
    assert.deepEqual(pending.tag(app, v1)?.digest, undefined);
    assert.ok(pending.tag(app, v1));
  });

  test('are over when they went up before they were read here', async () => {
    const digest = await push('quick');
    await settleAll();
    await pending.refresh();
    assert.equal(pending.tag(app, v1), undefined);
    assert.ok(!pending.manifest(app, digest));
    assert.ok(!pending.repository(app));
  });

  test('are settled by the row that went up, and not by an older one', async () => {
    const first = await push('first');
    await pending.refresh();
    const { events } = await content.feed.read({ after: 0, limit: 100 });
    const second = await push('second');
    await pending.refresh();
    for (const event of events) pending.settle(event);
    assert.equal(pending.tag(app, v1)?.digest, second);
    assert.ok(!pending.manifest(app, first));
    assert.equal(pending.untold.lastPushed(app, v1), first);
    await settleAll();
    assert.equal(pending.tag(app, v1), undefined);
    assert.ok(!pending.repository(app));
    assert.equal(pending.untold.lastPushed(app, v1), second);
  });

  test('that went up are untold until the parent has told of all that went up', async () => {
    const digest = await push('gone up');
    await settleAll();
    pending.untold.asking();
    assert.deepEqual(pending.untold.tag(app, v1)?.digest, digest);
    assert.ok(!pending.untold.isAhead(app, v1));
    const later = await push('gone up meanwhile');
    await settleAll();
    pending.untold.toldAll();
    assert.equal(pending.untold.tag(app, v1)?.digest, later);
    for (const name of [v1, later]) assert.ok(pending.untold.isAhead(app, name));
    pending.untold.asking();
    pending.untold.toldAll();
    assert.equal(pending.untold.tag(app, v1), undefined);
  });

  test('that went up and are untold are known after a restart, and no later one is mistaken for them', async () => {
    const gone = await push('gone up');
    await settleAll();
    const cursor = content.feed.head();
    await state.update({ push: { cursor, held: {}, ...pending.remembered() } });
    const restarted = createPending(content.feed, state);
    await restarted.refresh();
    restarted.untold.asking();
    assert.ok(restarted.untold.awaitsEcho('app', v1) && restarted.untold.awaitsEcho('app', gone));
    assert.equal(restarted.untold.lastPushed(app, v1), gone);
    const late = createPending(content.feed, state);
    const later = await push('later');
    const { events } = await content.feed.read({ after: cursor, limit: 100 });
    for (const event of events) late.settle(event);
    await late.refresh();
    assert.deepEqual([late.untold.tag(app, v1)?.digest, late.untold.lastPushed(app, v1)], [later, later]);
    assert.deepEqual(
      late.remembered().untold?.toSorted(),
      [2, 4],
      'the last rows of a tag, or of a manifest',
    );
    late.untold.asking();
    late.untold.toldAll();
    assert.deepEqual(late.remembered().untold, []);
  });

  test('are over when the parent tells of them, before their push is answered, and not when it tells of others', async () => {
    const digest = await push('on its way');
    await pending.refresh();
    const wire = { seq: 1, repository: 'app', action: 'tag', tag: 'v1', mediaType: 'a/b', size: 1 } as const;
    pending.arrive({ ...wire, digest: digestOf('another') });
    assert.deepEqual(pending.tag(app, v1), { digest });
    pending.arrive({ ...wire, digest });
    assert.equal(pending.tag(app, v1), undefined);
    const { seq } = (await content.feed.read({ after: 0, limit: 100 })).events.at(-1)!;
    assert.deepEqual([...pending.arrived()], [seq]);
    await state.update({ push: { ...state.value.push, arrived: [seq] } });
    const restarted = createPending(content.feed, state);
    await restarted.refresh();
    assert.equal(restarted.tag(app, v1), undefined);
    assert.ok(restarted.repository(app));
    await settleAll();
    assert.equal(pending.untold.tag(app, v1), undefined);
    assert.equal(pending.untold.lastPushed(app, v1), digest);
    assert.equal(pending.arrived().size, 0);
  });

  test('are found again after a restart, those held back too', async () => {
    await push('gone up');
    const gone = content.feed.head();
    await state.update({ push: { cursor: gone, held: {} } });
    const digest = await push('waiting');
    const restarted = createPending(
      content.feed,
      await openSyncState(join(folder, 'sync.json'), content.feed.id),
    );
    await restarted.refresh();
    assert.equal(restarted.tag(app, v1)?.digest, digest);
    await state.update({ push: { cursor: content.feed.head(), held: { app: gone + 1 } } });
    const holding = createPending(content.feed, state);
    await holding.refresh();
    assert.equal(holding.tag(app, v1)?.digest, digest);
    await state.update({ push: { cursor: content.feed.head(), held: {} } });
    const settled = createPending(content.feed, state);
    await settled.refresh();
    assert.equal(settled.tag(app, v1), undefined);
  });

  test('are not taken for told by the echo of an earlier row that did the same', async () => {
    const digest = await push('back and forth');
    await content.untag(app, v1, { origin: 'client' });
    await content.tag(app, v1, digest, { origin: 'client' });
    await pending.refresh();
    const { events } = await content.feed.read({ after: 0, limit: 10 });
    const [first, untagged] = events.filter(({ tag }) => tag !== undefined);
    const echo = (event: typeof first) => ({ ...event!, origin: 'site' });
    pending.settle(first!);
    const hear = (events: WireEvent[]): void => {
      const words = lastOwnWords(events, 'site');
      for (const word of words) pending.untold.told(word);
      for (const word of words) pending.arrive(word);
    };
    hear([echo(first)]);
    assert.equal(pending.tag(app, v1)?.digest, digest);
    pending.settle(untagged!);
    hear([echo(first), echo(untagged)]);
    assert.equal(pending.tag(app, v1)?.digest, digest);
  });

  test('of content that was replaced are forgotten with all that was known of it', async () => {
    await state.update({ activated: true, pull: { cursor: 5, feedId: 'above', grantsRevision: 'g' } });
    const fresh = await openSyncState(join(folder, 'sync.json'), 'another feed');
    assert.equal(fresh.value.pull, undefined);
    assert.equal(fresh.value.activated, true);
  });
});
