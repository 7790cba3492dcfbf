// What webhooks are told, at rest: events that wait to be sent, how far each webhook has read its registry's feed, and
// what was sent and answered lately. Rows go with their webhook, by the database itself.
import type { Kysely, Transaction } from 'kysely';
import type { ResourceKey } from '../arm/resource-id.ts';
import { gatherWrites } from './gather.ts';
import type { Row, Tables } from './tables.ts';

/** How far a webhook has read; numbers of another feed mean nothing. */
export interface WebhookCursor {
  feedId: string;
  seq: number;
}

export interface NewWebhookEvent {
  id: string;
  /** JSON; see cloud-registry/webhooks/content.ts. */
  content: string;
}

/** Its content is as it was last sent. */
export interface WaitingEvent extends NewWebhookEvent {
  seq: number;
  /** How often it was sent. */
  attempts: number;
}

/** One time that an event was sent. All three are JSON, both messages, in the shapes that `listEvents` shows. */
export interface Attempt {
  /** As it was sent. */
  content: string;
  request: string;
  response: string;
  /** When to send it again; undefined ends it. */
  retryAt?: Date | undefined;
}

export interface SentEvent extends NewWebhookEvent {
  request: string;
  response: string;
}

export interface WebhookEvents {
  /** Of those that have one. */
  cursors(webhooks: readonly ResourceKey[]): Promise<Map<ResourceKey, WebhookCursor>>;
  /** How many wait, of those that any wait for. */
  waiting(webhooks: readonly ResourceKey[]): Promise<Map<ResourceKey, number>>;
  /** Lets the webhook begin to read, unless it began before or is gone. */
  begin(webhook: ResourceKey, cursor: WebhookCursor): Promise<void>;
  /** Adds events and moves the cursors of their webhooks, in one transaction. Webhooks that are gone are left out. */
  takeIn(events: ReadonlyMap<ResourceKey, readonly NewWebhookEvent[]>, cursor: WebhookCursor): Promise<void>;
  /** Adds events that were not read from the feed. What waits already, by its id, and webhooks that are gone are left out. */
  add(events: ReadonlyMap<ResourceKey, readonly NewWebhookEvent[]>): Promise<void>;
  /** The oldest that are due at `now`; none waits beyond `latest`, unless somebody has set the clock back. */
  due(
    webhook: ResourceKey,
    query: { now: Date; latest: Date; limit: number; except: readonly number[] },
  ): Promise<WaitingEvent[]>;
  /** When the next is due. */
  nextDue(webhook: ResourceKey, except: readonly number[]): Promise<Date | undefined>;
  sent(seq: number, attempt: Attempt): Promise<void>;
  /** Keeps an event that was sent without having waited. */
  keep(webhook: ResourceKey, id: string, attempt: Attempt): Promise<void>;
  /** Those that were sent at least once, newest first; at most `keptMax`. */
  list(webhook: ResourceKey): Promise<SentEvent[]>;
}

/** Ended events that a webhook keeps. */
export const keptMax = 100;

export function openWebhookEvents(database: Kysely<Tables>): WebhookEvents {
  const record = gatherWrites<{ seq: number; attempt: Attempt }>((attempts) =>
    database.transaction().execute(async (transaction) => {
      const ended = new Set<ResourceKey>();
      for (const { seq, attempt } of attempts) {
        const row = await transaction
          .updateTable('webhook_events')
          .where('seq', '=', seq)
          .set((update) => ({ ...toColumns(attempt), attempts: update('attempts', '+', 1) }))
          .returning('webhook')
          .executeTakeFirst();
        if (row && !attempt.retryAt) ended.add(row.webhook);
      }
      for (const webhook of ended) await trim(transaction, webhook);
    }),
  );
  return {
    cursors: async (webhooks) => {
      if (webhooks.length === 0) return new Map();
      const rows = await database
        .selectFrom('webhook_cursors')
        .where('webhook', 'in', webhooks)
        .selectAll()
        .execute();
      return new Map(rows.map((row) => [row.webhook, { feedId: row.feed_id, seq: row.seq }]));
    },
    waiting: async (webhooks) => {
      if (webhooks.length === 0) return new Map();
      const rows = await database
        .selectFrom('webhook_events')
        .where('webhook', 'in', webhooks)
        .where('due_at', 'is not', null)
        .groupBy('webhook')
        .select(['webhook', (select) => select.fn.countAll<number>().as('count')])
        .execute();
      return new Map(rows.map((row) => [row.webhook, row.count]));
    },
    begin: (webhook, cursor) =>
      database.transaction().execute(async (transaction) => {
        if ((await existing(transaction, [webhook])).length === 0) return;
        await transaction
          .insertInto('webhook_cursors')
          .values(toRow(webhook, cursor))
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }),
    takeIn: (events, cursor) =>
      database.transaction().execute(async (transaction) => {
        const webhooks = await existing(transaction, [...events.keys()]);
        if (webhooks.length === 0) return;
        await transaction
          .insertInto('webhook_cursors')
          .values(webhooks.map((webhook) => toRow(webhook, cursor)))
          .onConflict((conflict) =>
            conflict.column('webhook').doUpdateSet({ feed_id: cursor.feedId, seq: cursor.seq }),
          )
          .execute();
        for (const webhook of webhooks) await insert(transaction, webhook, events.get(webhook) ?? []);
      }),
    add: (events) =>
      database.transaction().execute(async (transaction) => {
        for (const webhook of await existing(transaction, [...events.keys()])) {
          const known = await idsOf(transaction, webhook);
          const news = (events.get(webhook) ?? []).filter(({ id }) => !known.has(id));
          await insert(transaction, webhook, news);
        }
      }),
    due: async (webhook, { now, latest, limit, except }) => {
      const rows = await waitingOf(database, webhook, except)
        .where((where) =>
          where.or([where('due_at', '<=', now.getTime()), where('due_at', '>', latest.getTime())]),
        )
        .orderBy('seq')
        .limit(limit)
        .select(['seq', 'id', 'content', 'attempts'])
        .execute();
      return rows;
    },
    nextDue: async (webhook, except) => {
      const row = await waitingOf(database, webhook, except)
        .select((select) => select.fn.min('due_at').as('due_at'))
        .executeTakeFirst();
      return row?.due_at === null || row === undefined ? undefined : new Date(row.due_at);
    },
    sent: (seq, attempt) => record({ seq, attempt }),
    keep: (webhook, id, attempt) =>
      database.transaction().execute(async (transaction) => {
        if ((await existing(transaction, [webhook])).length === 0) return;
        const columns = { webhook, id, attempts: 1, ...toColumns(attempt) };
        await transaction.insertInto('webhook_events').values(columns).execute();
        await trim(transaction, webhook);
      }),
    list: async (webhook) => {
      const rows = await database
        .selectFrom('webhook_events')
        .where('webhook', '=', webhook)
        .where('attempts', '>', 0)
        .orderBy('seq', 'desc')
        .limit(keptMax)
        .select(['id', 'content', 'request', 'response'])
        .execute();
      // Whatever was sent has both messages.
      return rows as SentEvent[];
    },
  };
}

async function insert(
  transaction: Transaction<Tables>,
  webhook: ResourceKey,
  events: readonly NewWebhookEvent[],
): Promise<void> {
  const unsent = { attempts: 0, due_at: 0, request: null, response: null };
  for (const { id, content } of events)
    await transaction
      .insertInto('webhook_events')
      .values({ webhook, id, content, ...unsent })
      .execute();
}

/** Of events that wait, or were sent lately. */
async function idsOf(transaction: Transaction<Tables>, webhook: ResourceKey): Promise<Set<string>> {
  const rows = await transaction
    .selectFrom('webhook_events')
    .where('webhook', '=', webhook)
    .select('id')
    .execute();
  return new Set(rows.map(({ id }) => id));
}

function waitingOf(database: Kysely<Tables>, webhook: ResourceKey, except: readonly number[]) {
  const query = database
    .selectFrom('webhook_events')
    .where('webhook', '=', webhook)
    .where('due_at', 'is not', null);
  return except.length === 0 ? query : query.where('seq', 'not in', except);
}

function toRow(webhook: ResourceKey, { feedId, seq }: WebhookCursor): Row<'webhook_cursors'> {
  return { webhook, feed_id: feedId, seq };
}

function toColumns({ content, request, response, retryAt }: Attempt) {
  return { content, request, response, due_at: retryAt?.getTime() ?? null };
}

/** A webhook may be deleted while something is done for it. */
async function existing(
  transaction: Transaction<Tables>,
  webhooks: readonly ResourceKey[],
): Promise<ResourceKey[]> {
  if (webhooks.length === 0) return [];
  const rows = await transaction.selectFrom('resources').where('key', 'in', webhooks).select('key').execute();
  return rows.map((row) => row.key as ResourceKey);
}

async function trim(transaction: Transaction<Tables>, webhook: ResourceKey): Promise<void> {
  const oldest = await transaction
    .selectFrom('webhook_events')
    .where('webhook', '=', webhook)
    .where('due_at', 'is', null)
    .orderBy('seq', 'desc')
    .offset(keptMax - 1)
    .limit(1)
    .select('seq')
    .executeTakeFirst();
  if (!oldest) return;
  await transaction
    .deleteFrom('webhook_events')
    .where('webhook', '=', webhook)
    .where('due_at', 'is', null)
    .where('seq', '<', oldest.seq)
    .execute();
}
