// Rounds that wait: who is woken by what, that nothing is missed between looking and waiting, and what a wait costs.
import { assert, describe } from '../../fixtures/describe.ts';
import type { Clock } from '../clock.ts';
import type { Feed, FeedEvent } from '../content/feed.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { createWaitingRounds, type WaitingRounds, type Woken } from './waiting-rounds.ts';

const waitMs = 50_000;
const only = (name: string) => (repository: string) => repository === name;

describe('rounds that wait', ({ test, beforeEach }) => {
  let rounds: WaitingRounds;
  let feedListeners: Set<() => void>;
  let childrenListeners: Set<() => void>;
  let rows: FeedEvent[];
  let reads: number;
  /** For each sleep of the clock the call that ends it. */
  let sleepers: (() => void)[];

  const subscribe = (listeners: Set<() => void>) => (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const tell = (listeners: Set<() => void>): void => {
    for (const listener of listeners) listener();
  };
  const push = (...names: string[]): void => {
    for (const name of names) {
      rows.push({ seq: rows.length + 1, repository: parseRepositoryName(name) } as FeedEvent);
    }
    tell(feedListeners);
  };
  const settled = async (wait: Promise<Woken>): Promise<Woken | 'waits'> => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    return Promise.race([wait, Promise.resolve('waits' as const)]);
  };

  beforeEach(() => {
    [feedListeners, childrenListeners] = [new Set(), new Set()];
    [rows, reads, sleepers] = [[], 0, []];
    const feed = {
      head: () => rows.length,
      read: async ({ after }: { after: number }) => {
        reads++;
        return { events: rows.slice(after), scanned: rows.length };
      },
      onAppend: subscribe(feedListeners),
    } as unknown as Feed;
    const clock: Clock = {
      now: () => new Date('2026-01-01T00:00:00Z'),
      sleep: (_ms, signal) =>
        new Promise((resolve, reject) => {
          sleepers.push(resolve);
          signal?.addEventListener('abort', () => {
            sleepers.splice(sleepers.indexOf(resolve), 1);
            reject(new Error('aborted'));
          });
        }),
    };
    rounds = createWaitingRounds({ feed }, { onChange: subscribe(childrenListeners) }, clock);
  });

  test('wake for a push that concerns them, which is read once for all, and sleep on for others', async () => {
    const app = [1, 2, 3].map(() => rounds.enter().wait(waitMs, only('app')));
    const other = rounds.enter().wait(waitMs, only('other'));
    push('app', 'app');
    for (const wait of app) assert.equal(await settled(wait), 'news');
    assert.equal(await settled(other), 'waits');
    assert.equal(reads, 1);
  });

  test('do not miss what happens before they wait', async () => {
    const round = rounds.enter();
    push('app');
    await settled(Promise.resolve('news'));
    assert.equal(await settled(round.wait(waitMs, only('app'))), 'news');
    assert.equal(await settled(round.wait(waitMs, only('app'))), 'waits');
  });

  test('hear each of many changes that come while one is read', async () => {
    const wait = rounds.enter().wait(waitMs, only('late'));
    push('app');
    push('late');
    assert.equal(await settled(wait), 'news');
  });

  test('wake for another configuration, whatever they may read', async () => {
    const round = rounds.enter();
    assert.equal(round.childrenChanged(), false);
    const wait = round.wait(waitMs, only('app'));
    tell(childrenListeners);
    assert.equal(await settled(wait), 'news');
    assert.equal([round.childrenChanged(), round.childrenChanged()].join(), 'true,false');
  });

  test('share a timer, which ends when the last of them was woken', async () => {
    const first = rounds.enter();
    const waits = [first.wait(waitMs, only('app')), rounds.enter().wait(waitMs - 1, only('other'))];
    assert.equal(sleepers.length, 1);
    first.end();
    assert.equal(await settled(waits[0]!), 'end');
    assert.equal(sleepers.length, 1);
    sleepers[0]!();
    assert.equal(await settled(waits[1]!), 'time');
    void rounds.enter().wait(waitMs, only('app'));
    push('app');
    await settled(Promise.resolve('news'));
    assert.equal(sleepers.length, 0);
  });

  test('end when nobody serves them any more, and leave no listener behind', async () => {
    const waits = [rounds.enter(), rounds.enter()].map((round) => round.wait(waitMs, only('app')));
    assert.deepEqual([feedListeners.size, childrenListeners.size], [1, 1]);
    rounds.close();
    for (const wait of waits) assert.equal(await settled(wait), 'end');
    assert.deepEqual([feedListeners.size, childrenListeners.size], [0, 0]);
    const late = rounds.enter();
    assert.equal(await settled(late.wait(waitMs, only('app'))), 'end');
    late.end();
    assert.deepEqual([feedListeners.size, sleepers.length], [0, 0]);
  });
});
