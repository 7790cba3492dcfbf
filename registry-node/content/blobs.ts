// Which repository may show which blob. The bytes are the store's, once for all repositories; here is who holds them.
import type { Kysely } from 'kysely';
import type { BlobStore } from '../blobs/blob-store.ts';
import { LostBytesError } from '../blobs/read-fully.ts';
import type { SqliteReader } from '../database/reader.ts';
import type { Digest } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import type { Clock } from '../clock.ts';
import type { RepositoryName } from '../oci/name.ts';
import { linkBlob, recordBlob, renewalMs, renewLink, unfinishedKeptMs } from './blob-links.ts';
import type { Commit } from './commit.ts';
import type { Content } from './content.ts';
import type { Tables } from './schema.ts';
import type { Turns } from './turns.ts';

type Blobs = Pick<
  Content,
  | 'blobSize'
  | 'mayMountFrom'
  | 'sendBlob'
  | 'linkBlob'
  | 'unlinkBlob'
  | 'hasBlob'
  | 'repositoriesOfBlob'
  | 'incomingBlob'
  | 'commitBlob'
  | 'storedBytes'
>;

export interface ContentBlobsOptions {
  database: Kysely<Tables>;
  reader: SqliteReader;
  blobs: BlobStore;
  commit: Commit;
  clock: Clock;
  /** By digest: see collection/collect.ts. */
  turns: Turns;
  /** See scrub/scrub.ts. */
  doubt: (digest: Digest) => void;
}

/** Of the names of unfinished blobs that are copies from elsewhere; uploads have the ids of their sessions. */
export const incomingPrefix = 'incoming-';

export function contentBlobs({
  database,
  reader,
  blobs,
  commit,
  clock,
  turns,
  doubt,
}: ContentBlobsOptions): Blobs {
  const held = reader.one(
    `SELECT size, kept_until FROM repository_blobs JOIN blobs USING (digest)
      WHERE repository = ? AND digest = ? AND damaged_at IS NULL`,
    (row) => ({ size: row.size as number, keptUntil: row.kept_until as number | null }),
  );
  const total = reader.one('SELECT blob_bytes FROM registry', (row) => row.blob_bytes as number);
  const stored = reader.one('SELECT 1 FROM blobs WHERE digest = ? AND damaged_at IS NULL', () => true);
  const blobSize = async (repository: RepositoryName, digest: Digest): Promise<number | undefined> => {
    const found = held(repository, digest);
    if (!found) return undefined;
    // Whoever asks may push a manifest next, and counts on the answer.
    const renewBelow = clock.now().getTime() + unfinishedKeptMs - renewalMs;
    const runsOut = found.keptUntil !== null && found.keptUntil < renewBelow;
    if (runsOut && !(await commit((transaction) => renewLink(transaction, repository, digest))))
      return undefined;
    return found.size;
  };
  return {
    blobSize,
    mayMountFrom: async (repository, digest) => (await blobSize(repository, digest)) !== undefined,
    hasBlob: async (digest) => stored(digest) ?? false,
    sendBlob: async (repository, digest, target, range) => {
      const found = held(repository, digest);
      if (!found) throw new OciError('BLOB_UNKNOWN', undefined, { digest });
      try {
        // As long as it was when it was stored, whatever became of its file: the client was told so.
        await blobs.send(digest, target, range ?? { start: 0, end: found.size - 1 });
      } catch (error) {
        // The reader's own trouble says nothing of the blob.
        if (error instanceof OciError || error instanceof LostBytesError) doubt(digest);
        throw error;
      }
    },
    linkBlob: async (repository, digest) => {
      // Also when it is linked already: that may be another's change, which is not on the disk yet.
      if ((await blobSize(repository, digest)) !== undefined) return commit(async () => true);
      if (!stored(digest)) return false;
      return commit((transaction) => linkBlob(transaction, repository, digest));
    },
    unlinkBlob: (repository, digest) =>
      commit(async ({ tables }) => {
        const result = await tables
          .deleteFrom('repository_blobs')
          .where('repository', '=', repository)
          .where('digest', '=', digest)
          .executeTakeFirst();
        return result.numDeletedRows > 0n;
      }),
    repositoriesOfBlob: async (digest, n) => {
      const rows = await database
        .selectFrom('repository_blobs')
        .where('digest', '=', digest)
        .orderBy('repository')
        .limit(n)
        .select('repository')
        .execute();
      return rows.map((row) => row.repository);
    },
    incomingBlob: async (digest) => {
      const id = `${incomingPrefix}${digest.replace(':', '-')}`;
      // A process that ended between a file and its row has left all of the blob there; it is verified once more.
      await turns(digest, async () => (stored(digest) ? undefined : blobs.reclaim(id, digest)));
      return blobs.unfinished(id);
    },
    commitBlob: (repository, blob, digest) =>
      turns(digest, async () => {
        const size = await blob.commit(digest);
        await commit((transaction) => recordBlob(transaction, repository, digest, size));
      }),
    storedBytes: async () => total() ?? 0,
  };
}
