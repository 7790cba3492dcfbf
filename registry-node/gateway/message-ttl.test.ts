// How long changes are kept for a node that is away: to the millisecond of its message TTL, and what it is told after that.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildrenTable } from '../../fixtures/children-table.ts';
import { configurationOf, grantsOn } from '../../fixtures/configuration.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { nodeStatusOf } from '../../fixtures/node-status.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Content } from '../content/content.ts';
import { openContent } from '../content/open.ts';
import { compileGrants } from '../oci/scope.ts';
import type { SyncRequest, SyncResponse } from './protocol.ts';
import { answerRound } from './round.ts';

const dayMs = 86_400_000;
const grants = compileGrants(grantsOn('app'));

describe('messages', ({ test, beforeEach, afterEach }) => {
  const pushedAt = new Date('2026-05-04T12:00:00Z');
  let now: Date;
  let folder: string;
  let content: Content;
  const table = new ChildrenTable();
  const clock: Clock = { ...systemClock, now: () => now };
  const round = (change: Partial<SyncRequest>): Promise<SyncResponse> =>
    answerRound({ children: table.children, content, clock }, 'site1', grants, {
      instanceId: randomUUID(),
      waitSeconds: 0,
      descendants: {},
      status: nodeStatusOf(now),
      ...change,
    });
  /** Where a node stands that has all there is. */
  const upToDate = async (): Promise<Partial<SyncRequest>> => {
    const { cursor, feedId, grantsRevision } = await round({});
    return { cursor, feedId, grantsRevision };
  };

  beforeEach(async () => {
    now = pushedAt;
    folder = await mkdtemp(join(tmpdir(), 'acrc-ttl-'));
    content = await openContent({ folder, clock });
    table.add(configurationOf('site1', { messageTtl: 'P2D' }), 'secret');
  });
  afterEach(async () => {
    await content.close();
    await rm(folder, { recursive: true });
  });

  for (const [away, awayMs, expected] of [
    ['to the end of their life', 2 * dayMs, undefined],
    ['a millisecond longer', 2 * dayMs + 1, 'RecoveryService'],
  ] as const) {
    test(`that a node was away ${away} lead to ${expected ?? 'no full sync'}`, async () => {
      const position = await upToDate();
      await storeImage(content, 'app', buildImage('app'), ['v1']);
      now = new Date(pushedAt.getTime() + awayMs);
      const { events, fullSync } = await round(position);
      assert.equal(fullSync?.trigger, expected);
      assert.equal(events.length > 0, expected === undefined);
    });
  }

  test('of other repositories expire unheard', async () => {
    const position = await upToDate();
    await storeImage(content, 'other', buildImage('other'), ['v1']);
    now = new Date(pushedAt.getTime() + 90 * dayMs);
    const { events, fullSync, cursor } = await round(position);
    assert.deepEqual([events, fullSync], [[], undefined]);
    assert.equal(cursor, content.feed.head());
  });

  test('that nobody sent expire for nobody: a node that was away in vain goes on', async () => {
    await storeImage(content, 'app', buildImage('app'), ['v1']);
    const position = await upToDate();
    now = new Date(pushedAt.getTime() + 90 * dayMs);
    assert.equal((await round(position)).fullSync, undefined);
  });

  test('live longer when somebody says so while the node is away', async () => {
    const position = await upToDate();
    await storeImage(content, 'app', buildImage('app'), ['v1']);
    table.configure('site1', { messageTtl: 'P30D' });
    now = new Date(pushedAt.getTime() + 29 * dayMs);
    assert.equal((await round(position)).fullSync, undefined);
  });
});
