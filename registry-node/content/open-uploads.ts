// Uploads: a session that says which repository an upload is for (upload-sessions.ts), and an unfinished blob under the same id,
// which one request at a time writes to (upload-claims.ts).
import type { BlobStore, UnfinishedBlob } from '../blobs/blob-store.ts';
import type { Clock } from '../clock.ts';
import { OciError } from '../oci/errors.ts';
import type { RepositoryName } from '../oci/name.ts';
import { recordBlob } from './blob-links.ts';
import { incomingPrefix } from './blobs.ts';
import type { Commit } from './commit.ts';
import type { Piece, Uploads } from './content.ts';
import type { FinishedUpload, FinishedUploads } from './finished-uploads.ts';
import type { Turns } from './turns.ts';
import { createUploadClaims } from './upload-claims.ts';
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

export function openUploads(options: UploadsOptions): OpenUploads {
  const { sessions, blobs, commit, clock, newId, turns, finished } = options;
  const claims = createUploadClaims(blobs);
  const requireSession = (repository: RepositoryName, id: string): void => {
    if (!sessions.has(id, repository)) throw new OciError('BLOB_UPLOAD_UNKNOWN', undefined, { uuid: id });
  };
  const claim = (repository: RepositoryName, id: string): Promise<UnfinishedBlob> => {
    requireSession(repository, id);
    return claims.claim(id);
  };
  const end = async (id: string): Promise<void> => {
    try {
      await commit((transaction) => sessions.end(id, transaction), { fleeting: true });
    } finally {
      claims.leave(id);
    }
  };
  /** Takes the last piece. One that did not come whole leaves the session to its client. */
  const complete = async (id: string, blob: UnfinishedBlob, last: Piece): Promise<void> => {
    try {
      await appendTo(blob, last);
    } catch (error) {
      if (blob.bytes > 0) await sessions.keep(id).catch(() => undefined);
      claims.putBack(id, blob);
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
      claims.leave(id);
      return size;
    } catch (error) {
      // What is wrong with the upload says more than what else goes wrong on a failing disk.
      await blob.release().catch(() => undefined);
      if (error instanceof OciError && error.code === 'DIGEST_INVALID') await end(id);
      else claims.leave(id);
      throw error;
    }
  };

  return {
    start: async (repository, owner) => {
      const id = newId();
      await sessions.begin({ id, repository, owner, started_at: clock.now().getTime() });
      await claims.begin(id);
      return id;
    },
    bytes: async (repository, id) => {
      requireSession(repository, id);
      return claims.bytes(id);
    },
    append: async (repository, id, piece) => {
      const blob = await claim(repository, id);
      try {
        await sessions.keep(id);
        await appendTo(blob, piece);
        return blob.bytes;
      } finally {
        claims.putBack(id, blob);
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
      await claims.close();
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
