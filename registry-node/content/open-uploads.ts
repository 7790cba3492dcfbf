// Upload sessions: a row that says which repository the upload is for, and an unfinished blob under the same id. A session
// takes one piece at a time. A second piece that comes meanwhile is refused with RANGE_INVALID and not kept waiting: a
// client does that when it believes its first connection dead, and asking for the session's state is its way on.
import type { Kysely } from 'kysely';
import type { BlobStore, UnfinishedBlob } from '../blobs/blob-store.ts';
import { BoundedMap } from '../bounded-map.ts';
import { OciError } from '../oci/errors.ts';
import { limits } from '../oci/limits.ts';
import type { RepositoryName } from '../oci/name.ts';
import { recordBlob } from './blob-links.ts';
import type { Commit, ContentTransaction } from './commit.ts';
import type { Uploads } from './content.ts';
import type { Tables } from './schema.ts';
import type { Turns } from './turns.ts';

export interface UploadsOptions {
  database: Kysely<Tables>;
  blobs: BlobStore;
  commit: Commit;
  newId: () => string;
  /** By digest: see collection/collect.ts. */
  turns: Turns;
}

export interface OpenUploads extends Uploads {
  /** Lets go of the files. The sessions stay. */
  close(): Promise<void>;
}

interface OpenSession {
  repository: RepositoryName;
  blob: UnfinishedBlob;
}

/** Sessions kept open between two requests, with their running hash; others read their bytes once more at the end. */
const openSessionsMax = 128;

export function openUploads({ database, blobs, commit, newId, turns }: UploadsOptions): OpenUploads {
  const idle = new BoundedMap<OpenSession>({
    weightMax: openSessionsMax,
    // A file that cannot be closed keeps nobody from going on; its next opening tells.
    onEvict: ({ blob }) => void blob.release().catch(() => undefined),
  });
  const busy = new Map<string, Promise<UnfinishedBlob>>();

  /** Takes the session for one request. Followed by `putBack` or `end`. */
  const claim = async (repository: RepositoryName, id: string): Promise<UnfinishedBlob> => {
    if (busy.has(id)) throw new OciError('RANGE_INVALID', 'another request is writing to this upload');
    // Taken before anything is waited for: a session that ends meanwhile is not opened anew. One that is open has its row.
    const open = idle.get(id)?.repository === repository ? idle.take(id) : undefined;
    const opening = open
      ? Promise.resolve(open.blob)
      : requireSession(database, repository, id).then(() => blobs.unfinished(id));
    busy.set(id, opening);
    try {
      return await opening;
    } catch (error) {
      busy.delete(id);
      throw error;
    }
  };
  const putBack = (repository: RepositoryName, id: string, blob: UnfinishedBlob): void => {
    busy.delete(id);
    idle.set(id, { repository, blob });
  };
  const end = async (id: string): Promise<void> => {
    try {
      await database.deleteFrom('uploads').where('id', '=', id).execute();
    } finally {
      busy.delete(id);
    }
  };

  return {
    start: async (repository, owner) => {
      const id = newId();
      // A client whose session a power cut took begins another.
      await commit(
        async (transaction) => {
          await refuseTooMany(transaction, owner);
          const row = { id, repository, owner, started_at: transaction.now };
          await transaction.tables.insertInto('uploads').values(row).execute();
        },
        { fleeting: true },
      );
      idle.set(id, { repository, blob: await blobs.unfinished(id, { isNew: true }) });
      return id;
    },
    bytes: async (repository, id) => {
      await requireSession(database, repository, id);
      // Looking takes nothing away from whoever writes.
      const open = (await busy.get(id)?.catch(() => undefined)) ?? idle.get(id)?.blob;
      return open ? open.bytes : blobs.unfinishedBytes(id);
    },
    append: async (repository, id, source, start) => {
      const blob = await claim(repository, id);
      try {
        if (start !== undefined && start !== blob.bytes) {
          throw new OciError(
            'RANGE_INVALID',
            `the upload has ${blob.bytes} bytes and the piece starts at ${start}`,
          );
        }
        return await blob.append(source);
      } finally {
        putBack(repository, id, blob);
      }
    },
    finish: async (repository, id, digest) => {
      const blob = await claim(repository, id);
      try {
        await turns(digest, async () => {
          const size = await blob.commit(digest);
          await commit(async (transaction) => {
            await recordBlob(transaction, repository, digest, size);
            await transaction.tables.deleteFrom('uploads').where('id', '=', id).execute();
          });
        });
        busy.delete(id);
      } catch (error) {
        // What is wrong with the upload says more than what else goes wrong on a failing disk.
        await blob.release().catch(() => undefined);
        if (error instanceof OciError && error.code === 'DIGEST_INVALID') await end(id);
        else busy.delete(id);
        throw error;
      }
    },
    cancel: async (repository, id) => {
      const blob = await claim(repository, id);
      try {
        await blob.discard();
      } finally {
        await end(id);
      }
    },
    close: async () => {
      for (const id of idle.keys()) await idle.take(id)?.blob.release();
    },
  };
}

/** Each session is a row, and a file as soon as it has bytes. @throws OciError TOOMANYREQUESTS */
async function refuseTooMany({ tables }: ContentTransaction, owner: string): Promise<void> {
  const last = await tables
    .selectFrom('uploads')
    .where('owner', '=', owner)
    .limit(1)
    .offset(limits.uploadsOpenMax - 1)
    .select('id')
    .executeTakeFirst();
  if (!last) return;
  throw new OciError(
    'TOOMANYREQUESTS',
    `this user has ${limits.uploadsOpenMax} uploads open; finish or cancel some of them, or wait until those that nobody ` +
      'goes on with expire',
    undefined,
    { headers: { 'retry-after': '60' } },
  );
}

/** @throws OciError BLOB_UPLOAD_UNKNOWN */
async function requireSession(
  database: Kysely<Tables>,
  repository: RepositoryName,
  id: string,
): Promise<void> {
  const row = await database
    .selectFrom('uploads')
    .where('id', '=', id)
    .where('repository', '=', repository)
    .select('id')
    .executeTakeFirst();
  if (!row) throw new OciError('BLOB_UPLOAD_UNKNOWN', undefined, { uuid: id });
}
