// What came of the requests that finish uploads. An answer may be lost on its way, and some clients then send the same request
// again and give the push up when the session is unknown (jib, after its timeout: GoogleContainerTools/jib#4301). Whoever names
// the session, its repository and its digest once more gets the answer once more, or waits for the one that is being made.
// Nobody else learns anything: the id is known to who began the session. It is kept in memory, so that after a restart the
// session is unknown, and the client begins another, as the specification has it.
import { BoundedMap } from '../bounded-map.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Content } from './content.ts';

export interface FinishedUpload {
  id: string;
  repository: RepositoryName;
  digest: Digest;
}

export interface FinishedUploads {
  /** @param size of the blob in bytes, when it is stored; when it rejects, the upload is not finished */
  add(upload: FinishedUpload, size: Promise<number>): void;
  /** @returns the size in bytes; undefined when it is not known, or the repository does not show the blob any more */
  find(upload: FinishedUpload): Promise<number | undefined>;
}

/** Clients ask again within seconds. */
const finishedMax = 1024;

export function rememberFinished(blobSize: Content['blobSize']): FinishedUploads {
  const known = new BoundedMap<FinishedUpload & { size: Promise<number> }>({ weightMax: finishedMax });
  return {
    add: (upload, size) => {
      known.set(upload.id, { ...upload, size });
      size.catch(() => known.take(upload.id));
    },
    find: async ({ id, repository, digest }) => {
      const found = known.get(id);
      if (found?.repository !== repository || found.digest !== digest) return undefined;
      await found.size;
      return blobSize(repository, digest);
    },
  };
}
