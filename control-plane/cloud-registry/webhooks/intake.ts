// Reads the feed of a registry on behalf of its webhooks and puts what each wants into its queue. The feed is durable and
// so is how far each webhook has read it: a stop in between loses nothing and takes nothing twice. A webhook whose queue
// is full reads on when there is room again; the feed waits.
import { randomUUID } from 'node:crypto';
import type { Feed } from '../../../registry-node/content/feed.ts';
import type { ResourceKey } from '../../arm/resource-id.ts';
import { keyOf } from '../../arm/resource-id.ts';
import type { WebhookProperties } from '../../resources/webhooks/schema.ts';
import type { Resource } from '../../store/resource.ts';
import type { NewWebhookEvent, WebhookEvents } from '../../store/webhook-events.ts';
import type { Notification } from '../../../registry-node/gateway/protocol.ts';
import { type ArtifactEvent, eventsOf } from '../../../registry-node/notifications/event.ts';
import { readChanges } from '../../../registry-node/notifications/page.ts';
import { toContent } from './content.ts';
import { wants } from './rules.ts';

export type Webhook = Resource<WebhookProperties>;

export interface IntakeOptions {
  feed: Feed;
  events: WebhookEvents;
  /** The registry's login server, where events of its feed happened. */
  host: string;
}

/** Events that wait for one webhook at most; a page of the feed may go beyond. */
const waitingMax = 1000;

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
  const { changes, readTo } = await readChanges(feed, after);
  // After reading: whatever happened after a change was answered can be in the page only if the change is known here.
  if (!isCurrent()) return [];
  const wanted = new Map<ResourceKey, NewWebhookEvent[]>();
  for (const webhook of readers) {
    const key = keyOf(webhook.id);
    const position = positions.get(key)!;
    // It has read further than the others, whose turn this is.
    if (position >= readTo) continue;
    const news = changes.filter(([first]) => first!.seq > position);
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

/** Notifications that wait for one webhook at most. What comes then is not told to it: others do not wait for its receiver. */
const notificationsWaitingMax = 10_000;

/**
 * What connected registries tell of. It was matched to their lists where it happened; here the webhooks decide.
 * @returns the webhooks that have something to be told now, and those that have no room for it
 */
export async function takeInNotifications(
  { events }: Pick<IntakeOptions, 'events'>,
  webhooks: readonly Webhook[],
  notifications: readonly Notification[],
): Promise<{ told: ResourceKey[]; full: ResourceKey[] }> {
  const waiting = await events.waiting(webhooks.map(({ id }) => keyOf(id)));
  const wanted = new Map<ResourceKey, NewWebhookEvent[]>();
  const full: ResourceKey[] = [];
  for (const { id, properties } of webhooks) {
    const key = keyOf(id);
    const own = notifications
      .filter((notification) => wants(properties, toEvent(notification)))
      .map((notification) => {
        const ids = { id: notification.id, requestId: notification.id };
        return { id: ids.id, content: toContent(toEvent(notification), ids, notification.loginServer) };
      });
    if (own.length === 0) continue;
    if ((waiting.get(key) ?? 0) >= notificationsWaitingMax) full.push(key);
    else wanted.set(key, own);
  }
  await events.add(wanted);
  return { told: [...wanted.keys()], full };
}

function toEvent({ action, at, repository, digest, mediaType, size, ...facts }: Notification): ArtifactEvent {
  const { tag, tags, connectedRegistry } = facts;
  return { action, at: new Date(at), repository, digest, mediaType, size, tag, tags, connectedRegistry };
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

function toNew(event: ArtifactEvent, host: string): NewWebhookEvent {
  const ids = { id: randomUUID(), requestId: randomUUID() };
  return { id: ids.id, content: toContent(event, ids, host) };
}
