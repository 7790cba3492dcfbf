// How long a conflict is told: until the tag changes again, or for a day, restarts or not.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { assert, describe } from '../../fixtures/describe.ts';
import { systemClock } from '../clock.ts';
import type { FeedEvent } from '../content/feed.ts';
import { digestOf } from '../oci/digest.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import { type Conflicts, createConflicts } from './conflicts.ts';
import { openSyncState } from './state.ts';

const app = parseRepositoryName('app');
const [v1, v2] = [parseTag('v1'), parseTag('v2')];
const [ours, theirs] = [digestOf('ours'), digestOf('theirs')];
const hourMs = 3_600_000;

describe('the report of a conflict', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let conflicts: Conflicts;
  let nowMs: number;
  const told = new Map<string, string>();
  /** Of the local feed. */
  let rows: FeedEvent[];
  const open = async (): Promise<void> => {
    told.clear();
    conflicts = createConflicts({
      clock: { ...systemClock, now: () => new Date(nowMs) },
      feed: {
        head: () => rows.length,
        read: async ({ after, accept = () => true }) => {
          return { events: rows.slice(after).filter(accept), scanned: rows.length };
        },
      },
      logger: pino({ level: 'silent' }),
      state: await openSyncState(join(folder, 'sync.json'), 'feed'),
      status: {
        raise: (key, { description }) => Boolean(told.set(key, description)),
        clear: (key) => void told.delete(key),
      },
    });
  };
  const conflict = (tag = v1) => ({ repository: app, tag, ours, theirs });
  const wentUp = (seq: number, tag = v1): FeedEvent => ({
    seq,
    repository: app,
    action: 'tag',
    digest: ours,
    tag,
    mediaType: 'a/b',
    size: 1,
    origin: 'client',
    at: new Date(nowMs),
  });
  beforeEach(async () => {
    nowMs = Date.UTC(2026, 0, 1);
    rows = [];
    folder = await mkdtemp(join(tmpdir(), 'acrc-conflicts-'));
    await open();
    await conflicts.report([conflict()], 7);
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('names the tag and both digests, also after a restart', async () => {
    await open();
    const [description] = told.values();
    for (const part of ['app:v1', ours, theirs]) assert.ok(description?.includes(part), part);
  });

  test('outlives the way up of the change that won, and ends with the next one', async () => {
    await conflicts.endedHere(wentUp(7));
    await conflicts.endedHere(wentUp(8, v2));
    assert.equal(told.size, 1);
    await conflicts.endedHere(wentUp(8));
    assert.equal(told.size, 0);
  });

  test('ends when the parent tells of a later change of the tag, and of no other', async () => {
    await conflicts.endedAbove(app, v2);
    assert.equal(told.size, 1);
    await conflicts.endedAbove(app, v1);
    assert.equal(told.size, 0);
    await open();
    assert.equal(told.size, 0);
  });

  test('is not made of what was shown here before it was moved on', async () => {
    rows = [{ ...wentUp(1, v2), digest: theirs, origin: 'parent' }];
    await conflicts.report([conflict(v2)], 7);
    assert.ok(!told.has('conflict app:v2'));
    rows = [{ ...wentUp(1, v2), digest: theirs }];
    await conflicts.report([conflict(v2)], 7);
    assert.ok(told.has('conflict app:v2'), 'somebody here said the same, and then something else');
  });

  test('ends after a day, and not before', async () => {
    nowMs += 23 * hourMs;
    await conflicts.report([conflict(v2)], 7);
    await conflicts.expire();
    assert.equal(told.size, 2);
    nowMs += 2 * hourMs;
    await conflicts.expire();
    assert.deepEqual([...told.keys()], ['conflict app:v2']);
  });

  test('keeps the newest fifty', async () => {
    const tags = Array.from({ length: 60 }, (_, index) => parseTag(`t${index}`));
    await conflicts.report(
      tags.map((tag) => conflict(tag)),
      7,
    );
    assert.equal(told.size, 50);
    await open();
    assert.equal(told.size, 50);
    assert.ok(told.has('conflict app:t59') && !told.has('conflict app:t9'));
  });
});
