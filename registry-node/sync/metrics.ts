// What the engine does, in numbers, and where it stands.
import { counter, gauge, type Metric } from '../metrics/metric.ts';
import type { Feed } from '../content/feed.ts';
import { eventsAfter } from '../content/feed-events.ts';
import type { SyncContext } from './context.ts';
import { isLocal } from './echo.ts';

const waitingMax = 1000;

type Watched = Pick<SyncContext, 'content' | 'outbox' | 'state' | 'status'>;

export async function syncMetrics({ content, outbox, state, status }: Watched): Promise<Metric[]> {
  const { attempts } = status;
  const snapshot = await status.snapshot();
  const { lastSyncTime, traffic, statusDetails, freeBytes = 0, totalBytes = 0 } = snapshot;
  const { pull, push } = state.value;
  const passed = traffic?.total;
  return [
    counter(
      'acrc_sync_attempts_total',
      'What the engine has done: `pull` is a round with the parent.',
      ...[...attempts].flatMap(([work, { succeeded, failed }]) => [
        { labels: { work, result: 'succeeded' }, value: succeeded },
        { labels: { work, result: 'failed' }, value: failed },
      ]),
    ),
    counter(
      'acrc_sync_bytes_total',
      'Content that passed between this node and its parent, and what was needed and did not have to.',
      ...(passed
        ? [
            { labels: { direction: 'received' }, value: passed.receivedBytes },
            { labels: { direction: 'sent' }, value: passed.sentBytes },
            { labels: { direction: 'saved' }, value: passed.savedBytes },
          ]
        : []),
    ),
    gauge(
      'acrc_sync_parent_up',
      '1: it took its name at the parent, and its last round did not fail there.',
      {
        value: Number(status.parentUp),
      },
    ),
    gauge('acrc_sync_running', '1: something is being copied.', {
      value: snapshot.state === 'Syncing' ? 1 : 0,
    }),
    gauge(
      'acrc_sync_last_success_timestamp_seconds',
      'End of the last round that left nothing to do; absent before the first.',
      ...(lastSyncTime === undefined ? [] : [{ value: Date.parse(lastSyncTime) / 1000 }]),
    ),
    gauge('acrc_sync_outstanding_bytes', 'Bytes that are known to be needed and have not arrived.', {
      value: snapshot.outstandingBytes,
    }),
    gauge(
      'acrc_sync_parent_feed_cursor',
      'How far the feed of the parent was read.',
      ...(pull ? [{ value: pull.cursor }] : []),
    ),
    gauge('acrc_sync_push_lag', `Changes made here that wait for the way up; at most ${waitingMax}.`, {
      value: await waitingFor(content.feed, push.cursor),
    }),
    gauge('acrc_sync_push_held_repositories', 'Repositories whose changes the parent does not take.', {
      value: Object.keys(push.held).length,
    }),
    gauge('acrc_notifications_waiting', 'Notifications that wait for the way up.', {
      value: await outbox.count(),
    }),
    gauge('acrc_disk_free_bytes', "What the data folder's file system has left for the node.", {
      value: freeBytes,
    }),
    gauge('acrc_disk_bytes', "The size of the data folder's file system.", { value: totalBytes }),
    gauge('acrc_damaged_content', 'Blobs and manifests whose bytes the disk lost; at most a hundred.', {
      value: snapshot.damaged?.length ?? 0,
    }),
    gauge('acrc_troubles', 'What the status tells, by its code.', ...countByCode(statusDetails)),
  ];
}

/** What came from the parent need not go up, and the cursor is not saved for each row of it. */
async function waitingFor(feed: Feed, cursor: number): Promise<number> {
  let waiting = 0;
  for await (const _ of eventsAfter(feed, cursor, isLocal)) if (++waiting === waitingMax) break;
  return waiting;
}

function countByCode(details: readonly { type: string; code: string }[]) {
  const byCode = Map.groupBy(details, ({ code }) => code);
  return [...byCode].map(([code, each]) => ({ labels: { type: each[0]!.type, code }, value: each.length }));
}
