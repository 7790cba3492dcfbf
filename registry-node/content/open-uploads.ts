// Uploads: a session that says which repository an upload is for, and an unfinished blob under the same id. A session
// takes one piece at a time. A second piece that comes meanwhile is refused with RANGE_INVALID and not kept waiting: a
// client does that when it believes its first connection dead, and asking for the session's state is its way on.
import type { BlobStore, UnfinishedBlob } from '../blobs/blob-store.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { Clock } from '../clock.ts';
import { OciError } from '../oci/errors.ts';
import type { RepositoryName } from '../oci/name.ts';
import { recordBlob } from './blob-links.ts';
import { incomingPrefix } from './blobs.ts';
import type { Commit } from './commit.ts';
import type { Piece, Uploads } from './content.ts';
import type { FinishedUpload, FinishedUploads } from './finished-uploads.ts';
import type { Turns } from './turns.ts';
import type { UploadSessions } from './upload-sessions.ts';

export interface UploadsOptions {
  sessions: UploadSessions;
  blobs: BlobStore;
  commit: Commit;
  clock: Clock;
  newId: () => string;
  /** By digest: see collection/collect.ts. */
  turns: Turns;
  finished: FinishedUploads;
}

export interface OpenUploads extends Uploads {
  /** Removes what came of uploads whose sessions a crash has forgotten: nobody can go on with them. */
  removeForgotten(): Promise<void>;
  /** Lets go of the files. The sessions stay. */
  close(): Promise<void>;
}

/** Sessions kept open between two requests, with their running hash; others read their bytes once more at the end. */
const openSessionsMax = 128;

export function openUploads(options: UploadsOptions): OpenUploads {
  const { sessions, blobs, commit, clock, newId, turns, finished } = options;
  const idle = new BoundedMap<UnfinishedBlob>({
    weightMax: openSessionsMax,
    // A file that cannot be closed keeps nobody from going on; its next opening tells.
    onEvict: (blob) => void blob.release().catch(() => undefined),
  });
  const busy = new Map<string, Promise<UnfinishedBlob>>();

  /** Takes the session for one request. Followed by `putBack` or `end`. */
  const claim = async (repository: RepositoryName, id: string): Promise<UnfinishedBlob> => {
    if (busy.has(id)) throw new OciError('RANGE_INVALID', 'another request is writing to this upload');
    requireSession(repository, id);
    // Taken before anything is waited for: a session that ends meanwhile is not opened anew.
    const open = idle.take(id);
    const opening = open ? Promise.resolve(open) : blobs.unfinished(id);
    busy.set(id, opening);
    try {
      return await opening;
    } catch (error) {
      busy.delete(id);
      throw error;
    }
  };
  const putBack = (id: string, blob: UnfinishedBlob): void => {
    busy.delete(id);
    idle.set(id, blob);
  };
  const end = async (id: string): Promise<void> => {
    try {
      await commit((transaction) => sessions.end(id, transaction), { fleeting: true });
    } finally {
      busy.delete(id);
    }
  };
  const requireSession = (repository: RepositoryName, id: string): void => {
    if (!sessions.has(id, repository)) throw new OciError('BLOB_UPLOAD_UNKNOWN', undefined, { uuid: id });
  };
  /** Takes the last piece. One that did not come whole leaves the session to its client. */
  const complete = async (id: string, blob: UnfinishedBlob, last: Piece): Promise<void> => {
    try {
      await appendTo(blob, last);
    } catch (error) {
      if (blob.bytes > 0) await sessions.keep(id).catch(() => undefined);
      putBack(id, blob);
      throw error;
    }
  };
  const store = async ({ id, repository, digest }: FinishedUpload, blob: UnfinishedBlob): Promise<number> => {
    try {
      const size = await turns(digest, async () => {
        const stored = await blob.commit(digest);
        await commit(async (transaction) => {
          await recordBlob(transaction, repository, digest, stored);
          await sessions.end(id, transaction);
        });
        return stored;
      });
      busy.delete(id);
      return size;
    } catch (error) {
      // What is wrong with the upload says more than what else goes wrong on a failing disk.
      await blob.release().catch(() => undefined);
      if (error instanceof OciError && error.code === 'DIGEST_INVALID') await end(id);
      else busy.delete(id);
      throw error;
    }
  };

  return {
    start: async (repository, owner) => {
      const id = newId();
      await sessions.begin({ id, repository, owner, started_at: clock.now().getTime() });
      idle.set(id, await blobs.unfinished(id, { isNew: true }));
      return id;
    },
    bytes: async (repository, id) => {
      requireSession(repository, id);
      // Looking takes nothing away from whoever writes.
      const open = (await busy.get(id)?.catch(() => undefined)) ?? idle.get(id);
      return open ? open.bytes : blobs.unfinishedBytes(id);
    },
    append: async (repository, id, piece) => {
      const blob = await claim(repository, id);
      try {
        await sessions.keep(id);
        await appendTo(blob, piece);
        return blob.bytes;
      } finally {
        putBack(id, blob);
      }
    },
    finish: async (repository, id, digest, last) => {
      const upload = { id, repository, digest };
      const known = await finished.find(upload);
      if (known !== undefined) return known;
      const blob = await claim(repository, id);
      if (last) await complete(id, blob, last);
      const size = store(upload, blob);
      finished.add(upload, size);
      return size;
    },
    cancel: async (repository, id) => {
      const blob = await claim(repository, id);
      try {
        await blob.discard();
      } finally {
        await end(id);
      }
    },
    removeForgotten: async () => {
      for (const { id } of await blobs.listUnfinished()) {
        if (id.startsWith(incomingPrefix) || sessions.isKnown(id)) continue;
        // What the disk does not let go now is garbage that a collection finds.
        await (await blobs.unfinished(id)).discard().catch(() => undefined);
      }
    },
    close: async () => {
      await sessions.close();
      for (const id of idle.keys()) await idle.take(id)?.release();
    },
  };
}

/** @throws OciError RANGE_INVALID, and what the source throws; what arrived before is kept */
async function appendTo(blob: UnfinishedBlob, { source, start }: Piece): Promise<void> {
  if (start !== undefined && start !== blob.bytes) {
    throw new OciError(
      'RANGE_INVALID',
      `the upload has ${blob.bytes} bytes and the piece starts at ${start}`,
    );
  }
  await blob.append(source);
}
