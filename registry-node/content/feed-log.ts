// The feed at rest. Rows are appended by commit.ts in the transaction of the change; this reads, trims and announces them.
import { createHash } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { Tag } from '../oci/reference.ts';
import type { Feed, FeedEvent, Origin } from './feed.ts';
import type { Tables } from './schema.ts';

/** A row before its transaction numbers it. */
export type NewFeedEvent = Pick<FeedEvent, 'repository' | 'action' | 'digest' | 'mediaType' | 'size'> & {
  tag?: Tag | undefined;
};

export interface FeedLog extends Feed {
  /** To be called after a commit that added rows up to `seq`. */
  announce(seq: number): void;
}

export interface FeedLogOptions {
  database: Kysely<Tables>;
  newId: () => string;
}

/** Rows deleted by one statement, so that a trim never holds up the changes for long. */
const trimRowsMax = 10_000;
const rowsKeptMax = 100;

export async function openFeedLog({ database, newId }: FeedLogOptions): Promise<FeedLog> {
  const listeners = new Set<() => void>();
  const registry = await openRegistryRow(database, newId);
  let trimmedTo = registry.trimmed_to;
  const newest = await database
    .selectFrom('feed')
    .select((select) => select.fn.max('seq').as('seq'))
    .executeTakeFirst();
  let head = newest?.seq ?? trimmedTo;
  /** What all who wait at the head read after a change, each from the same row on. */
  let latest: { after: number; end: number; limit: number; events: Promise<FeedEvent[]> } | undefined;

  /** Nearly all who ask are at the head. */
  let marked: { seq: number; mark: string } | undefined;

  const readRows = async (after: number, end: number, limit: number): Promise<FeedEvent[]> => {
    const rows = await database
      .selectFrom('feed')
      .where('seq', '>', after)
      // What lies beyond is committed and not yet on the disk: a power cut may take it, and give its number to another.
      .where('seq', '<=', end)
      .orderBy('seq')
      .limit(limit)
      .selectAll()
      .execute();
    return rows.map(parseRow);
  };
  /** Read once for all who ask the same; kept only when it is short. */
  const readOnce = (after: number, end: number, limit: number): Promise<FeedEvent[]> => {
    const same = latest?.after === after && latest.end === end && latest.limit === limit;
    if (latest && same) return latest.events;
    const reading = { after, end, limit, events: readRows(after, end, limit) };
    const forget = (): void => {
      if (latest === reading) latest = undefined;
    };
    reading.events.then((events) => events.length > rowsKeptMax && forget(), forget);
    latest = reading;
    return reading.events;
  };
  return {
    id: registry.feed_id,
    head: () => head,
    trimmedTo: () => trimmedTo,
    announce: (seq) => {
      // Commits that one sync made durable are announced in any order.
      head = Math.max(head, seq);
      for (const listener of listeners) listener();
    },
    onAppend: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: async ({ after, limit, accept }) => {
      const end = head;
      if (after >= end) return { events: [], scanned: after };
      const events = await readOnce(after, end, limit);
      // Numbers whose rows were trimmed are passed as well, else whoever reads to the head would never get there.
      const scanned = events.length < limit ? end : events.at(-1)!.seq;
      return { events: accept ? events.filter(accept) : [...events], scanned };
    },
    mark: async (seq) => {
      if (marked?.seq !== seq) marked = await readMark(database, seq);
      return marked?.mark;
    },
    trim: async (before) => {
      let removed = 0;
      for (;;) {
        const seqs = await trimSome(database, before.getTime());
        if (seqs.length === 0) return removed;
        removed += seqs.length;
        trimmedTo = Math.max(trimmedTo, ...seqs);
        latest = undefined;
      }
    },
  };
}

async function readMark(
  database: Kysely<Tables>,
  seq: number,
): Promise<{ seq: number; mark: string } | undefined> {
  const row = await database.selectFrom('feed').where('seq', '=', seq).selectAll().executeTakeFirst();
  return row && { seq, mark: markOf(row) };
}

/** @param row as it is stored */
export function markOf({
  seq,
  repository,
  action,
  digest,
  tag,
  origin,
  at,
}: Selectable<Tables['feed']>): string {
  const named = JSON.stringify([seq, repository, action, digest, tag, origin, at]);
  return createHash('sha256').update(named).digest('hex').slice(0, 16);
}

/** Removes up to the newest row that is too old: what remains is the end of the feed, without a gap. */
function trimSome(database: Kysely<Tables>, before: number): Promise<number[]> {
  return database.transaction().execute(async (transaction) => {
    const rows = await transaction
      .selectFrom('feed')
      .where('at', '<', before)
      .orderBy('seq')
      .limit(trimRowsMax)
      .select('seq')
      .execute();
    const last = rows.at(-1)?.seq;
    if (last === undefined) return [];
    await transaction.deleteFrom('feed').where('seq', '<=', last).execute();
    await transaction.updateTable('registry').set({ trimmed_to: last }).execute();
    return rows.map((row) => row.seq);
  });
}

/** Made with the database: who this feed is. */
async function openRegistryRow(
  database: Kysely<Tables>,
  newId: () => string,
): Promise<Pick<Tables['registry'], 'feed_id' | 'trimmed_to'>> {
  const found = await database.selectFrom('registry').select(['feed_id', 'trimmed_to']).executeTakeFirst();
  if (found) return found;
  const row = { feed_id: newId(), trimmed_to: 0 };
  await database.insertInto('registry').values(row).execute();
  return row;
}

function parseRow(row: Selectable<Tables['feed']>): FeedEvent {
  return {
    seq: row.seq,
    repository: row.repository,
    action: row.action,
    digest: row.digest,
    tag: row.tag ?? undefined,
    mediaType: row.media_type,
    size: row.size,
    origin: parseOrigin(row.origin),
    at: new Date(row.at),
  };
}

const registryPrefix = 'registry:';

export function formatOrigin(origin: Origin): string {
  return typeof origin === 'string' ? origin : registryPrefix + origin.connectedRegistry;
}

function parseOrigin(text: string): Origin {
  if (text.startsWith(registryPrefix)) return { connectedRegistry: text.slice(registryPrefix.length) };
  return text === 'parent' ? 'parent' : 'client';
}
