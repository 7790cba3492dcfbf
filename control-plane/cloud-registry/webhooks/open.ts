// The webhooks of one registry: an intake that follows its feed, and a sender for each webhook.
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { createBell } from '../../../registry-node/gateway/bell.ts';
import type { Feed } from '../../../registry-node/content/feed.ts';
import type { Notification } from '../../../registry-node/gateway/protocol.ts';
import { ArmError } from '../../arm/errors.ts';
import { keyOf, type ResourceKey } from '../../arm/resource-id.ts';
import { webhookKind } from '../../resources/webhooks/schema.ts';
import type { NewWebhookEvent, WebhookCursor } from '../../store/webhook-events.ts';
import { attempt } from './attempt.ts';
import { toPing } from './content.ts';
import { takeIn, takeInNotifications, type Webhook } from './intake.ts';
import { type Sender, type SenderOptions, startSender } from './sender.ts';

export interface Webhooks {
  /** The webhook is told of what happens from now on. */
  begin(webhook: ResourceKey): Promise<void>;
  /** Where the feed ends: what happens from now on follows it. */
  head(): WebhookCursor;
  /** Up to where the feed was read for the webhook; it may be further by the time it is looked at. */
  readTo(webhook: ResourceKey): Promise<WebhookCursor | undefined>;
  /** Tells of what happened at connected registries; durable when it resolves. */
  notify(notifications: readonly Notification[]): Promise<void>;
  /** Sends a ping, once and whatever the webhook's status. @returns its id. @throws ArmError TooManyRequests */
  ping(webhook: Webhook): Promise<string>;
  close(): Promise<void>;
}

export interface WebhooksOptions extends SenderOptions {
  registryKey: ResourceKey;
  feed: Feed;
  /** The registry's login server. */
  host: string;
  logger: Pick<Logger, 'warn' | 'error'>;
}

const idleMs = 3_600_000;
/** Changes that come one after another are read together. */
const gatherMs = 50;
const pauseMs = 5000;
const pingsAtOnceMax = 8;
/** How long a ping waits for its answer, so that who asks for the events next finds it there. */
const pingWaitMs = 1000;

export function openWebhooks(options: WebhooksOptions): Webhooks {
  const { registryKey, resources, events, feed, clock, logger } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const bell = createBell(clock);
  const senders = new Map<ResourceKey, Sender>();
  const pings = new Set<Promise<void>>();
  /** Undefined: to be read again. */
  let known: Promise<Webhook[]> | undefined;

  const closings = new Set<Promise<void>>();
  const matchSenders = (webhooks: readonly Webhook[]): void => {
    const keys = new Set(webhooks.map(({ id }) => keyOf(id)));
    for (const [key, sender] of senders) {
      if (keys.has(key)) continue;
      senders.delete(key);
      const closed = sender.close().finally(() => closings.delete(closed));
      closings.add(closed);
    }
    for (const key of keys)
      if (!senders.has(key))
        senders.set(
          key,
          startSender(key, options, () => bell.ring()),
        );
  };
  const follow = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        known ??= resources.list(webhookKind, registryKey);
        const listed = known;
        const webhooks = await listed;
        matchSenders(webhooks);
        const isCurrent = (): boolean => known === listed;
        const told = await takeIn(options, webhooks, isCurrent);
        for (const key of told ?? []) senders.get(key)?.wake();
        if (told) await clock.sleep(gatherMs, signal);
        else await bell.wait(idleMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        known = undefined;
        logger.error({ err: error, registry: registryKey }, 'webhooks not told');
        await clock.sleep(pauseMs, signal).catch(() => undefined);
      }
    }
  };

  const stopFeed = feed.onAppend(() => bell.ring());
  const stopChanges = resources.onChange((keys) => {
    const own = [...keys].filter((key) => key.startsWith(`${registryKey}/webhooks/`));
    if (own.length === 0) return;
    known = undefined;
    for (const key of own) senders.get(key)?.wake();
    bell.ring();
  });
  const following = follow();

  const sendPing = async (webhook: Webhook, { id, content }: NewWebhookEvent): Promise<void> => {
    const { kept } = await attempt(options, webhook, content, signal);
    await events.keep(keyOf(webhook.id), id, kept);
  };
  const head = (): WebhookCursor => ({ feedId: feed.id, seq: feed.head() });
  return {
    begin: (webhook) => events.begin(webhook, head()),
    head,
    readTo: async (webhook) => (await events.cursors([webhook])).get(webhook),
    notify: async (notifications) => {
      const webhooks = await resources.list(webhookKind, registryKey);
      const { told, full } = await takeInNotifications(options, webhooks, notifications);
      for (const webhook of full)
        logger.warn({ webhook }, 'notifications dropped: too many wait for this webhook');
      for (const key of told) senders.get(key)?.wake();
    },
    ping: async (webhook) => {
      if (pings.size >= pingsAtOnceMax) {
        throw new ArmError(
          'TooManyRequests',
          `${pingsAtOnceMax} pings of this registry's webhooks wait for their answers. Try again in a few seconds.`,
        );
      }
      const id = randomUUID();
      const sent = sendPing(webhook, { id, content: toPing(id, clock.now()) })
        .catch((error: unknown) => {
          if (!signal.aborted) logger.error({ err: error, webhook: webhook.name }, 'ping not kept');
        })
        .finally(() => pings.delete(sent));
      pings.add(sent);
      await within(sent);
      return id;
    },
    close: async () => {
      stopFeed();
      stopChanges();
      stopping.abort();
      const closed = [...senders.values()].map((sender) => sender.close());
      await Promise.all([following, ...closed, ...closings, ...pings]);
    },
  };

  async function within(sent: Promise<void>): Promise<void> {
    const answered = new AbortController();
    const late = clock.sleep(pingWaitMs, answered.signal).catch(() => undefined);
    await Promise.race([sent, late]);
    answered.abort();
  }
}
