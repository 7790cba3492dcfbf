// Every change to content passes here: one transaction holds the change and the feed rows that tell of it. When `commit`
// resolves the transaction is on the disk, the caches know, and the feed's listeners were called. Changes that come together
// share the sync that they wait for.
import { setImmediate as breathe } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { explainDiskError } from '../blobs/durable.ts';
import type { Clock } from '../clock.ts';
import type { Durability } from '../database/durable.ts';
import { isFull } from '../database/result-codes.ts';
import { OciError } from '../oci/errors.ts';
import type { Change } from './content.ts';
import { type FeedLog, formatOrigin, type NewFeedEvent } from './feed-log.ts';
import type { Tables } from './schema.ts';

export interface ContentTransaction {
  readonly tables: Transaction<Tables>;
  /** Milliseconds since 1970, the same for all of the transaction. */
  readonly now: number;
  /** Adds a row to the feed, in the order of the calls. */
  tell(event: NewFeedEvent, change: Change): Promise<void>;
}

/** @throws what `work` throws, and nothing was changed; OciError INSUFFICIENT_STORAGE when the disk is full */
export type Commit = <T>(
  work: (transaction: ContentTransaction) => Promise<T>,
  options?: CommitChoices,
) => Promise<T>;

export interface CommitChoices {
  /** True: resolves before the change is on the disk. For what a power cut may take away. */
  fleeting?: boolean;
}

export interface Commits {
  readonly commit: Commit;
  /** How many there were since the content was opened. */
  count(): number;
}

export interface CommitOptions {
  database: Kysely<Tables>;
  durability: Durability;
  feed: FeedLog;
  clock: Clock;
  /** Called with what changed, after the commit and before anybody is told of it. */
  onChange: (events: readonly NewFeedEvent[]) => void;
}

/**
 * SQLite answers on this thread, so that a change of many rows, as of a repository that goes with ten thousand manifests, would
 * hold up every pull until it ends. After so many rows of the feed the others have a turn.
 */
const rowsPerTurn = 20;

export function createCommits({ database, durability, feed, clock, onChange }: CommitOptions): Commits {
  let commits = 0;
  const commit: Commit = async (work, { fleeting = false } = {}) => {
    const told: NewFeedEvent[] = [];
    let seq = 0;
    try {
      const result = await database.transaction().execute((tables) => {
        const now = clock.now().getTime();
        const tell: ContentTransaction['tell'] = async (event, change) => {
          const row = {
            repository: event.repository,
            action: event.action,
            digest: event.digest,
            tag: event.tag ?? null,
            media_type: event.mediaType,
            size: event.size,
            origin: formatOrigin(change.origin),
            at: now,
          };
          const { insertId } = await tables.insertInto('feed').values(row).executeTakeFirstOrThrow();
          seq = Number(insertId);
          told.push(event);
          if (told.length % rowsPerTurn === 0) await breathe();
        };
        return work({ tables, now, tell });
      });
      commits += 1;
      if (told.length > 0) onChange(told);
      if (!fleeting) await durability.flush();
      if (told.length > 0) feed.announce(seq);
      return result;
    } catch (error) {
      throw explainDiskError(explainFull(error));
    }
  };
  return { commit, count: () => commits };
}

function explainFull(error: unknown): unknown {
  return isFull(error) ? new OciError('INSUFFICIENT_STORAGE', undefined, undefined, { cause: error }) : error;
}
