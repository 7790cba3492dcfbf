// Reads the feed of a registry on behalf of its webhooks and puts what each wants into its queue. The feed is durable and
// so is how far each webhook has read it: a stop in between loses nothing and takes nothing twice. A webhook whose queue
// is full reads on when there is room again; the feed waits.
import { randomUUID } from 'node:crypto';
import type { Feed, FeedEvent } from '../../../registry-node/content/feed.ts';
import type { ResourceKey } from '../../arm/resource-id.ts';
import { keyOf } from '../../arm/resource-id.ts';
import type { WebhookProperties } from '../../resources/webhooks/schema.ts';
import type { Resource } from '../../store/resource.ts';
import type { NewWebhookEvent, WebhookEvents } from '../../store/webhook-events.ts';
import { changesIn, eventsOf, type RegistryEvent, toContent } from './event.ts';
import { wants } from './rules.ts';

export type Webhook = Resource<WebhookProperties>;

export interface IntakeOptions {
  feed: Feed;
  events: WebhookEvents;
  /** What events say where they happened. */
  host: string;
}

/** Events that wait for one webhook at most; a page of the feed may go beyond. */
const waitingMax = 1000;
const pageRows = 500;

/**
 * @param isCurrent false: the webhooks were changed, and what happened since is not for these rules; nothing is taken in
 * @returns the webhooks that have something to be told now; undefined when there was nothing to read
 */
export async function takeIn(
  options: IntakeOptions,
  webhooks: readonly Webhook[],
  isCurrent: () => boolean,
): Promise<ResourceKey[] | undefined> {
  const { feed, events } = options;
  const readers = await withRoom(events, webhooks);
  const positions = await positionsOf(options, readers);
  const after = Math.min(...positions.values());
  if (readers.length === 0 || after >= feed.head()) return undefined;
  const { rows, readTo } = await readPage(feed, after);
  // After reading: whatever happened after a change was answered can be in the page only if the change is known here.
  if (!isCurrent()) return [];
  const found = changesIn(rows);
  const wanted = new Map<ResourceKey, NewWebhookEvent[]>();
  for (const webhook of readers) {
    const key = keyOf(webhook.id);
    const position = positions.get(key)!;
    // It has read further than the others, whose turn this is.
    if (position >= readTo) continue;
    const news = found.filter(([first]) => first!.seq > position);
    const own = news.flatMap((change) => {
      const at = { feedId: feed.id, seq: change[0]!.seq };
      return eventsOf(change).filter((event) => wants(webhook.properties, event, at));
    });
    wanted.set(
      key,
      own.map((event) => toNew(event, options.host)),
    );
  }
  await events.takeIn(wanted, { feedId: feed.id, seq: readTo });
  return [...wanted.keys()].filter((key) => wanted.get(key)!.length > 0);
}

async function withRoom(events: WebhookEvents, webhooks: readonly Webhook[]): Promise<Webhook[]> {
  const waiting = await events.waiting(webhooks.map(({ id }) => keyOf(id)));
  return webhooks.filter(({ id }) => (waiting.get(keyOf(id)) ?? 0) < waitingMax);
}

/** Where each goes on: one without a cursor, or with one of another feed, begins with what comes next. */
async function positionsOf(
  { feed, events }: IntakeOptions,
  webhooks: readonly Webhook[],
): Promise<Map<ResourceKey, number>> {
  const keys = webhooks.map(({ id }) => keyOf(id));
  const cursors = await events.cursors(keys);
  const positions = new Map<ResourceKey, number>();
  const head = feed.head();
  for (const key of keys) {
    const cursor = cursors.get(key);
    positions.set(key, cursor?.feedId === feed.id ? cursor.seq : head);
  }
  const strangers = keys.filter((key) => cursors.get(key)?.feedId !== feed.id);
  await events.takeIn(new Map(strangers.map((key) => [key, []])), { feedId: feed.id, seq: head });
  return positions;
}

/** Up to the end of a change: what is cut off would look like another one. */
async function readPage(feed: Feed, after: number): Promise<{ rows: FeedEvent[]; readTo: number }> {
  const head = feed.head();
  const { events: rows, scanned } = await feed.read({ after, limit: pageRows });
  // What was trimmed is not waited for.
  if (rows.length === 0) return { rows, readTo: head };
  const last = changesIn(rows).at(-1);
  if (rows.length < pageRows || !last || last.length === rows.length) return { rows, readTo: scanned };
  const whole = rows.slice(0, -last.length);
  return { rows: whole, readTo: whole.at(-1)!.seq };
}

function toNew(event: RegistryEvent, host: string): NewWebhookEvent {
  const id = randomUUID();
  return { id, content: toContent(event, { id, requestId: randomUUID(), host }) };
}
