// Sends the events of one webhook, a few at once. One that its receiver does not take is sent again later, while the others
// go on; after the last attempt it is given up. A dead receiver delays nobody but itself.
import type { Logger } from 'pino';
import { createBell } from '../../../registry-node/gateway/bell.ts';
import type { Clock } from '../../../registry-node/clock.ts';
import { retryAfterMsMax } from '../../../registry-node/remote/retry-after.ts';
import type { ResourceKey } from '../../arm/resource-id.ts';
import { webhookKind } from '../../resources/webhooks/schema.ts';
import type { Resources } from '../../store/resources.ts';
import type { WaitingEvent, WebhookEvents } from '../../store/webhook-events.ts';
import { attempt, type AttemptOptions } from './attempt.ts';
import type { Webhook } from './intake.ts';
import type { Delivery } from './transport.ts';

export interface SenderOptions extends AttemptOptions {
  resources: Resources;
  events: WebhookEvents;
  clock: Clock;
  logger: Pick<Logger, 'warn' | 'error'>;
}

export interface Sender {
  /** There may be something to send. */
  wake(): void;
  /** Lets go of what is being sent; it is sent again when a sender starts anew. */
  close(): Promise<void>;
}

const atOnceMax = 2;
/** Before the second and further attempts. */
const retryAfterMs = [1000, 5000, 30_000, 120_000, 600_000] as const;
/** Without anything to send, it looks again all the same. */
const idleMs = 3_600_000;
/** After a failure of our own. */
const pauseMs = 5000;
/** Of those that are no success, what may become one. */
const passing: ReadonlySet<string> = new Set(['408', '425', '429', '500', '502', '503', '504']);

/** @param onRoom called when events have ended, and their places in the queue are free */
export function startSender(webhook: ResourceKey, options: SenderOptions, onRoom: () => void): Sender {
  const { resources, events, clock, logger } = options;
  const bell = createBell(clock);
  const stopping = new AbortController();
  const { signal } = stopping;
  const underWay = new Map<number, Promise<void>>();

  const send = async (event: WaitingEvent, to: Webhook): Promise<void> => {
    try {
      const { delivery, kept } = await attempt(options, to, event.content, signal);
      const retryAt = retryTime(delivery, event.attempts + 1, clock.now());
      await events.sent(event.seq, { ...kept, retryAt });
      if (!retryAt) onRoom();
    } catch (error) {
      if (signal.aborted) return;
      logger.error({ err: error, webhook }, 'webhook event not sent');
      await clock.sleep(pauseMs, signal).catch(() => undefined);
    }
  };
  const begin = (event: WaitingEvent, to: Webhook): void => {
    const done = send(event, to).finally(() => {
      underWay.delete(event.seq);
      bell.ring();
    });
    underWay.set(event.seq, done);
  };
  /** @returns how long there is nothing to do */
  const step = async (): Promise<number> => {
    const to = await resources.get(webhookKind, webhook);
    if (to?.properties.status !== 'enabled') return idleMs;
    const room = atOnceMax - underWay.size;
    const except = [...underWay.keys()];
    const due = room > 0 ? await events.due(webhook, { ...moments(clock.now()), limit: room, except }) : [];
    for (const event of due) begin(event, to);
    if (underWay.size >= atOnceMax) return idleMs;
    const next = await events.nextDue(webhook, [...underWay.keys()]);
    return next ? Math.max(next.getTime() - clock.now().getTime(), 0) : idleMs;
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const waitMs = await step().catch((error: unknown) => {
        logger.error({ err: error, webhook }, 'webhook events not read');
        return pauseMs;
      });
      await bell.wait(Math.min(waitMs, idleMs), signal);
    }
    await Promise.all(underWay.values());
  };
  const running = run();
  return {
    wake: () => bell.ring(),
    close: () => {
      stopping.abort();
      return running;
    },
  };
}

/** None is told to wait longer than `retryAfterMsMax`. */
function moments(now: Date): { now: Date; latest: Date } {
  return { now, latest: new Date(now.getTime() + retryAfterMsMax) };
}

/** Undefined: it was taken, will never be, or was tried often enough. */
function retryTime(
  { response, retryAfterMs: askedMs = 0 }: Delivery,
  attempts: number,
  now: Date,
): Date | undefined {
  const mayPass = response.statusCode === undefined || passing.has(response.statusCode);
  const waitMs = retryAfterMs[attempts - 1];
  if (!mayPass || waitMs === undefined) return undefined;
  return new Date(now.getTime() + Math.max(waitMs, askedMs));
}
