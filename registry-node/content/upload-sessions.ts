// Which upload sessions there are, and whose. Most are begun and ended by two requests in a row, and a row for each would make
// two transactions of every push. So a session is kept in memory until it has bytes that outlive their request, or until the
// registry is stopped. A crash forgets those that nobody had brought bytes to, or whose only bytes were still coming: the
// client hears BLOB_UPLOAD_UNKNOWN and begins another.
import type { SqliteReader } from '../database/reader.ts';
import { OciError } from '../oci/errors.ts';
import { limits } from '../oci/limits.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Commit, ContentTransaction } from './commit.ts';
import type { Tables } from './schema.ts';

export type UploadSession = Tables['uploads'];

export interface UploadSessions {
  /** @throws OciError TOOMANYREQUESTS when its owner has too many */
  begin(session: UploadSession): Promise<void>;
  has(id: string, repository: RepositoryName): boolean;
  /** In whichever repository. */
  isKnown(id: string): boolean;
  /** Resolves when no crash ends the session any more; a power cut may. */
  keep(id: string): Promise<void>;
  end(id: string, transaction: ContentTransaction): Promise<void>;
  /** How many are in memory alone. */
  unkept(): number;
  /** Keeps all that the disk takes. */
  close(): Promise<void>;
}

/** Above so many in memory alone, those that were begun first are kept. */
const unkeptMax = 128;

export function createUploadSessions(reader: SqliteReader, commit: Commit): UploadSessions {
  const unkept = new Map<string, UploadSession>();
  /** Of those, the ones that may have a row already. */
  const beingKept = new Set<string>();
  const kept = reader.one('SELECT repository FROM uploads WHERE id = ?', (row) => row.repository);
  const another = reader.one('SELECT 1 FROM uploads WHERE owner = ? LIMIT 1 OFFSET ?', () => true);

  /** Of those on the disk and those in memory together, one that has just begun included. */
  const areTooMany = (owner: string | null): boolean => {
    const inMemory = unkept.values().reduce((count, each) => count + (each.owner === owner ? 1 : 0), 0);
    return another(owner, limits.uploadsOpenMax - inMemory) ?? false;
  };

  const keep = async (id: string): Promise<void> => {
    const session = unkept.get(id);
    if (!session) return;
    beingKept.add(id);
    try {
      await commit(
        async ({ tables }) => {
          // There is one transaction at a time: it has ended before this one, or ends after it and finds the row.
          if (!unkept.has(id)) return;
          await tables
            .insertInto('uploads')
            .values(session)
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        },
        { fleeting: true },
      );
      unkept.delete(id);
    } finally {
      beingKept.delete(id);
    }
  };

  return {
    begin: async (session) => {
      const { id, owner } = session;
      unkept.set(id, session);
      if (areTooMany(owner)) {
        unkept.delete(id);
        throw tooMany();
      }
      try {
        for (const oldest of unkept.keys()) {
          if (unkept.size <= unkeptMax) break;
          await keep(oldest);
        }
      } catch (error) {
        // Nobody is told of it, so that nobody would ever end it.
        unkept.delete(id);
        throw error;
      }
    },
    has: (id, repository) => (unkept.get(id)?.repository ?? kept(id)) === repository,
    isKnown: (id) => unkept.has(id) || kept(id) !== undefined,
    keep,
    end: async (id, { tables }) => {
      const mayHaveRow = !unkept.delete(id) || beingKept.has(id);
      if (mayHaveRow) await tables.deleteFrom('uploads').where('id', '=', id).execute();
    },
    unkept: () => unkept.size,
    close: async () => {
      // A disk that takes no rows must not keep the registry from closing.
      for (const id of unkept.keys()) await keep(id).catch(() => undefined);
    },
  };
}

function tooMany(): OciError {
  return new OciError(
    'TOOMANYREQUESTS',
    `this user has ${limits.uploadsOpenMax} uploads open; finish or cancel some of them, or wait until those that nobody ` +
      'goes on with expire',
    undefined,
    { headers: { 'retry-after': '60' } },
  );
}
