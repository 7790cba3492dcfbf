// Blobs of another registry (distribution-spec, "Pulling blobs"): sizes, and bytes from any position on.
import type { Flow } from '../blobs/flow.ts';
import type { Digest } from '../oci/digest.ts';
import { RemoteError } from './errors.ts';
import { orMissing } from './manifests.ts';
import { pulling } from './purpose.ts';
import type { Requests } from './requests.ts';

export interface BlobRequests {
  /** Bytes, or undefined when the repository has no such blob. */
  blobSize(repository: string, digest: Digest, signal?: AbortSignal): Promise<number | undefined>;
  /**
   * Opens the blob at byte `start`, to its end or `length` bytes long. Nothing is verified here: whoever stores it does.
   * A registry that ignores ranges is answered by dropping what was not asked for.
   * @throws RemoteError not-found
   */
  openBlob(
    repository: string,
    digest: Digest,
    range?: { start: number; length?: number | undefined },
    signal?: AbortSignal,
  ): Promise<Flow>;
}

export function blobRequests(requests: Requests): BlobRequests {
  return {
    async blobSize(repository, digest, signal) {
      const answer = await orMissing(
        requests.expect({
          method: 'HEAD',
          path: blobPath(repository, digest),
          purpose: pulling(repository),
          signal,
        }),
      );
      await answer?.drop();
      const length = Number(answer?.header('content-length'));
      return answer && Number.isSafeInteger(length) ? length : undefined;
    },
    async openBlob(repository, digest, { start, length } = { start: 0 }, signal) {
      const partial = start > 0 || length !== undefined;
      const answer = await requests.expect({
        method: 'GET',
        path: blobPath(repository, digest),
        headers: partial ? { range: `bytes=${start}-${length === undefined ? '' : start + length - 1}` } : {},
        purpose: pulling(repository),
        signal,
      });
      if (partial && answer.status === 206) {
        const from = /^bytes (\d+)-/.exec(answer.header('content-range') ?? '')?.[1];
        if (from !== String(start)) {
          await answer.drop();
          throw new RemoteError(
            'malformed',
            `${digest} was asked for from byte ${start} and came from ${from}`,
          );
        }
        return answer.body;
      }
      return partial ? cut(answer.body, start, length) : answer.body;
    },
  };
}

const blobPath = (repository: string, digest: Digest): string => `/v2/${repository}/blobs/${digest}`;

function cut(body: Flow, start: number, length: number | undefined): Flow {
  const end = length === undefined ? Infinity : start + length;
  const enough = new Error('all that was asked for has come');
  return async (take) => {
    let position = 0;
    try {
      await body((piece) => {
        if (position >= end) throw enough;
        const wanted = piece.subarray(Math.max(start - position, 0), Math.max(end - position, 0));
        position += piece.length;
        return wanted.length > 0 ? take(wanted) : undefined;
      });
    } catch (error) {
      if (error !== enough) throw error;
    }
  };
}
