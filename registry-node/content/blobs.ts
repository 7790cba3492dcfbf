// Which repository may show which blob. The bytes are the store's, once for all repositories; here is who holds them.
import type { Kysely } from 'kysely';
import type { BlobStore } from '../blobs/blob-store.ts';
import type { SqliteReader } from '../database/reader.ts';
import type { Digest } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Commit, ContentTransaction } from './commit.ts';
import type { Content } from './content.ts';
import type { Tables } from './schema.ts';

type Blobs = Pick<
  Content,
  | 'blobSize'
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
}

export function contentBlobs({ database, reader, blobs, commit }: ContentBlobsOptions): Blobs {
  const heldSize = reader.one(
    'SELECT size FROM repository_blobs JOIN blobs USING (digest) WHERE repository = ? AND digest = ?',
    (row) => Number(row.size),
  );
  const stored = reader.one('SELECT 1 FROM blobs WHERE digest = ?', () => true);
  const blobSize = async (repository: RepositoryName, digest: Digest): Promise<number | undefined> =>
    heldSize(repository, digest);
  return {
    blobSize,
    hasBlob: async (digest) => stored(digest) ?? false,
    sendBlob: async (repository, digest, target, range) => {
      if ((await blobSize(repository, digest)) === undefined) {
        throw new OciError('BLOB_UNKNOWN', undefined, { digest });
      }
      await blobs.send(digest, target, range);
    },
    linkBlob: async (repository, digest) => {
      if (heldSize(repository, digest) !== undefined) return true;
      if (!stored(digest)) return false;
      await commit((transaction) => linkBlob(transaction, repository, digest));
      return true;
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
    incomingBlob: (digest) => blobs.unfinished(`incoming-${digest.replace(':', '-')}`),
    commitBlob: async (repository, blob, digest) => {
      const size = await blob.commit(digest);
      await commit((transaction) => recordBlob(transaction, repository, digest, size));
    },
    storedBytes: async () => {
      const row = await database
        .selectFrom('blobs')
        .select((select) => select.fn.sum<number | null>('size').as('bytes'))
        .executeTakeFirst();
      return row?.bytes ?? 0;
    },
  };
}

/** To be called once the store has the blob durably. */
export async function recordBlob(
  transaction: ContentTransaction,
  repository: RepositoryName,
  digest: Digest,
  size: number,
): Promise<void> {
  await transaction.tables
    .insertInto('blobs')
    .values({ digest, size, created_at: transaction.now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await linkBlob(transaction, repository, digest);
}

async function linkBlob(
  { tables, now }: ContentTransaction,
  repository: RepositoryName,
  digest: Digest,
): Promise<void> {
  await tables
    .insertInto('repository_blobs')
    .values({ repository, digest, linked_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
