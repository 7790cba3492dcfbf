// Puts what happens at a node, and is in its list of notifications, into the outbox: pushes and deletions by its clients, and
// what synchronisation brings or takes away, so that whoever is told sees what is on site. The feed is durable and so is
// how far it was read: a stop in between loses nothing, and gives nothing another id.
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Feed } from '../content/feed.ts';
import { createBell } from '../gateway/bell.ts';
import type { Notification } from '../gateway/protocol.ts';
import { type ArtifactEvent, eventsOf } from './event.ts';
import type { FeedPosition, Outbox } from './outbox.ts';
import { readChanges } from './page.ts';
import { compilePatterns } from './pattern.ts';

export interface Collecting {
  close(): Promise<void>;
}

export interface CollectingOptions {
  /** The connected registry's own name. */
  name: string;
  loginServer: string;
  feed: Feed;
  outbox: Outbox;
  /** The list, as it is now. */
  patterns(): readonly string[];
  /** @returns the call that ends it */
  onPatterns(listener: () => void): () => void;
  clock: Clock;
  logger: Pick<Logger, 'warn' | 'error'>;
}

/** Changes that come one after another are kept together. */
const gatherMs = 50;
const idleMs = 3_600_000;
/** After a failure of our own. */
const pauseMs = 5000;

export function startCollecting(options: CollectingOptions): Collecting {
  const { feed, clock, logger } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const bell = createBell(clock);
  /** Where the feed ended when there was last a list for the first time. */
  let begin = feed.head();
  let wasEmpty = options.patterns().length === 0;
  const stops = [
    options.onPatterns(() => {
      const isEmpty = options.patterns().length === 0;
      if (wasEmpty && !isEmpty) begin = feed.head();
      wasEmpty = isEmpty;
      bell.ring();
    }),
    // A node that tells of nothing is not woken by its pushes.
    feed.onAppend(() => options.patterns().length > 0 && bell.ring()),
  ];
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        if (await collect(options, begin)) await clock.sleep(gatherMs, signal);
        else await bell.wait(idleMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        logger.error({ err: error }, 'notifications not kept');
        await clock.sleep(pauseMs, signal).catch(() => undefined);
      }
    }
  };
  const running = run();
  return {
    close: async () => {
      for (const stop of stops) stop();
      stopping.abort();
      await running;
    },
  };
}

/**
 * @param begin from where a feed is read of which nothing was read before
 * @returns whether there may be more to read
 */
async function collect(options: CollectingOptions, begin: number): Promise<boolean> {
  const { feed, outbox, logger } = options;
  const list = options.patterns();
  const position = await outbox.position();
  if (list.length === 0) {
    if (position) await outbox.follow(undefined);
    return false;
  }
  // Switched on just now, or the content was replaced: told is what happened from then on.
  if (position?.feedId !== feed.id) {
    await outbox.follow({ feedId: feed.id, seq: begin });
    return true;
  }
  if (position.seq >= feed.head()) return false;
  const isTold = compilePatterns(list);
  const { changes, readTo } = await readChanges(feed, position.seq);
  const notifications = changes.flatMap((change) => {
    const seq = change[0]!.seq;
    return eventsOf(change)
      .filter(isTold)
      .map((event) => toNotification(event, { feedId: feed.id, seq }, options));
  });
  const dropped = await outbox.add(notifications, { feedId: feed.id, seq: readTo });
  if (dropped > 0) logger.warn({ dropped }, 'more notifications wait than are kept: the oldest are given up');
  return true;
}

function toNotification(
  event: ArtifactEvent,
  at: FeedPosition,
  place: Pick<CollectingOptions, 'name' | 'loginServer'>,
): Notification {
  const { tags, ...facts } = event;
  return {
    ...facts,
    id: idOf(at, event.tag),
    at: event.at.toISOString(),
    connectedRegistry: place.name,
    loginServer: place.loginServer,
    ...(tags && { tags: [...tags] }),
  };
}

/** A UUID (RFC 9562, version 8) that is the same whenever it is made of the same event. */
function idOf({ feedId, seq }: FeedPosition, tag = ''): string {
  const bytes = createHash('sha256').update(`${feedId} ${seq} ${tag}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
