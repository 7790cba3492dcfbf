// Notifications that wait for the way up, at rest: a node's own, with how far its feed was read for them, and those that nodes
// below handed over. The file is made when there is first something to keep, so that a node which tells of nothing has none.
import { access } from 'node:fs/promises';
import { type Generated, type Kysely, sql } from 'kysely';
import { type Durability, openDurability } from '../database/durable.ts';
import { type Migration, openSqlite } from '../database/open.ts';
import { type Notification, notificationSchema } from '../gateway/protocol.ts';

/** How far a feed was read; numbers of another feed mean nothing. */
export interface FeedPosition {
  feedId: string;
  seq: number;
}

export interface WaitingNotification {
  seq: number;
  notification: Notification;
}

export interface Outbox {
  position(): Promise<FeedPosition | undefined>;
  /** Sets from where the feed is read; undefined: it is not. */
  follow(position: FeedPosition | undefined): Promise<void>;
  /**
   * Adds what is not there yet, by its id, and moves the position with it. Durable when it resolves.
   * @returns how many of the oldest went, for want of room
   */
  add(notifications: readonly Notification[], position?: FeedPosition): Promise<number>;
  /** How many wait. */
  count(): Promise<number>;
  oldest(limit: number): Promise<WaitingNotification[]>;
  /** Forgets all up to the number `seq`. */
  remove(seq: number): Promise<void>;
  /** Forgets what happened before. @returns how many */
  expire(before: Date): Promise<number>;
  /** Calls `listener` after each `add` of some. @returns the call that ends it */
  onAdd(listener: () => void): () => void;
  close(): Promise<void>;
}

interface Tables {
  /** At most one row. */
  position: { feed_id: string; seq: number };
  /** `content` is JSON; `at` is milliseconds since 1970. */
  notifications: { seq: Generated<number>; id: string; at: number; content: string };
}

interface Opened {
  database: Kysely<Tables>;
  durability: Durability;
}

export const waitingMax = 100_000;

const migrations: readonly Migration[] = [
  {
    name: 'first',
    up: async (transaction) => {
      for (const statement of [
        'CREATE TABLE position (feed_id TEXT NOT NULL, seq INTEGER NOT NULL)',
        `CREATE TABLE notifications (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
          at INTEGER NOT NULL, content TEXT NOT NULL)`,
        'CREATE INDEX notifications_by_time ON notifications (at)',
      ])
        await sql.raw(statement).execute(transaction);
    },
  },
];

/** @param max how many wait at most */
export async function openOutbox(file: string, max = waitingMax): Promise<Outbox> {
  const listeners = new Set<() => void>();
  const open = async (): Promise<Opened> => {
    const database = await openSqlite<Tables>(file, migrations, { flushed: true, reserve: true });
    try {
      return { database, durability: await openDurability(file) };
    } catch (error) {
      await database.destroy();
      throw error;
    }
  };
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  let opening: Promise<Opened> | undefined = exists ? open() : undefined;
  await opening;
  /** One that failed, on a full disk for instance, is tried again by who comes next. */
  const opened = (): Promise<Opened> =>
    (opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));

  return {
    position: async () => {
      const row = await (await opening)?.database.selectFrom('position').selectAll().executeTakeFirst();
      return row && { feedId: row.feed_id, seq: row.seq };
    },
    follow: async (position) => {
      if (!position && !opening) return;
      const { database, durability } = await opened();
      await database.transaction().execute((transaction) => move(transaction, position));
      await durability.flush();
    },
    add: async (notifications, position) => {
      const { database, durability } = await opened();
      const dropped = await database.transaction().execute(async (transaction) => {
        for (const notification of notifications) await insert(transaction, notification);
        if (position) await move(transaction, position);
        return notifications.length === 0 ? 0 : trim(transaction, max);
      });
      await durability.flush();
      if (notifications.length > 0) for (const listener of listeners) listener();
      return dropped;
    },
    count: async () => {
      const row = await (
        await opening
      )?.database
        .selectFrom('notifications')
        .select((select) => select.fn.countAll<number>().as('count'))
        .executeTakeFirst();
      return row?.count ?? 0;
    },
    oldest: async (limit) => {
      const rows = await (
        await opening
      )?.database
        .selectFrom('notifications')
        .orderBy('seq')
        .limit(limit)
        .select(['seq', 'content'])
        .execute();
      return (rows ?? []).map(({ seq, content }) => ({
        seq,
        notification: notificationSchema.parse(JSON.parse(content)),
      }));
    },
    // Neither is flushed: what comes back after a power cut is told twice, and expires again.
    remove: async (seq) => {
      await (await opening)?.database.deleteFrom('notifications').where('seq', '<=', seq).execute();
    },
    expire: async (before) => {
      const deleted = await (
        await opening
      )?.database
        .deleteFrom('notifications')
        .where('at', '<', before.getTime())
        .executeTakeFirst();
      return Number(deleted?.numDeletedRows ?? 0);
    },
    onAdd: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      const all = await opening?.catch(() => undefined);
      await all?.durability.close();
      await all?.database.destroy();
    },
  };
}

async function insert(database: Kysely<Tables>, notification: Notification): Promise<void> {
  const { id, at } = notification;
  const content = JSON.stringify(notification);
  await database
    .insertInto('notifications')
    .values({ id, at: Date.parse(at), content })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function move(database: Kysely<Tables>, position: FeedPosition | undefined): Promise<void> {
  await database.deleteFrom('position').execute();
  if (!position) return;
  await database.insertInto('position').values({ feed_id: position.feedId, seq: position.seq }).execute();
}

async function trim(database: Kysely<Tables>, max: number): Promise<number> {
  const newest = database
    .selectFrom('notifications')
    .orderBy('seq', 'desc')
    .limit(1)
    .offset(max)
    .select('seq');
  const deleted = await database.deleteFrom('notifications').where('seq', '<=', newest).executeTakeFirst();
  return Number(deleted.numDeletedRows);
}
