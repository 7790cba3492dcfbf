// Who has the bytes of an upload: the one request that writes to it, or nobody between two requests. A session takes one piece at
// a time. A second piece that comes meanwhile is refused with RANGE_INVALID and not kept waiting: a client does that when it
// believes its first connection dead, and asking for the session's state is its way on.
import type { BlobStore, UnfinishedBlob } from '../blobs/blob-store.ts';
import { BoundedMap } from '../bounded-map.ts';
import { OciError } from '../oci/errors.ts';

export interface UploadClaims {
  /** Makes the bytes of a new session. */
  begin(id: string): Promise<void>;
  /** Takes the session for one request, which ends by `putBack` or `leave`. @throws OciError RANGE_INVALID */
  claim(id: string): Promise<UnfinishedBlob>;
  /** The session goes on. */
  putBack(id: string, blob: UnfinishedBlob): void;
  /** The session is over, or its bytes are to be opened anew. */
  leave(id: string): void;
  /** How many there are. Looking takes nothing away from whoever writes. */
  bytes(id: string): Promise<number>;
  /** Lets go of the files. */
  close(): Promise<void>;
}

/** Kept open between two requests, with their running hash; others read their bytes once more at the end. */
const idleMax = 128;

export function createUploadClaims(blobs: BlobStore): UploadClaims {
  const idle = new BoundedMap<UnfinishedBlob>({
    weightMax: idleMax,
    // A file that cannot be closed keeps nobody from going on; its next opening tells.
    onEvict: (blob) => void blob.release().catch(() => undefined),
  });
  const busy = new Map<string, Promise<UnfinishedBlob>>();
  return {
    begin: async (id) => idle.set(id, await blobs.unfinished(id, { isNew: true })),
    claim: async (id) => {
      if (busy.has(id)) throw new OciError('RANGE_INVALID', 'another request is writing to this upload');
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
    },
    putBack: (id, blob) => {
      busy.delete(id);
      idle.set(id, blob);
    },
    leave: (id) => void busy.delete(id),
    bytes: async (id) => {
      const open = (await busy.get(id)?.catch(() => undefined)) ?? idle.get(id);
      return open ? open.bytes : blobs.unfinishedBytes(id);
    },
    close: async () => {
      for (const id of idle.keys()) await idle.take(id)?.release();
    },
  };
}
