// Uploading a blob to another registry (distribution-spec, "Pushing blobs"): mounted when it is there already, else in
// pieces, each of which is kept by the registry, so that a cut costs one piece.
import type { Readable } from 'node:stream';
import type { Digest } from '../oci/digest.ts';
import { RemoteError } from './errors.ts';
import type { Answer } from './answer.ts';
import { orMissing } from './manifests.ts';
import { pushing } from './purpose.ts';
import type { Requests } from './requests.ts';

/** An upload session at the registry, as it names it. */
export interface UploadSession {
  repository: string;
  /** Path and query, on the registry's own address. */
  location: string;
  /** Bytes that it has. */
  bytes: number;
}

export interface UploadRequests {
  /** Starts a session, or finds that the registry already has the blob: then undefined, and it is in the repository. */
  startUpload(repository: string, digest: Digest, signal?: AbortSignal): Promise<UploadSession | undefined>;
  /** A session as it stands, after a cut. Undefined when the registry has forgotten it. */
  findUpload(repository: string, location: string, signal?: AbortSignal): Promise<UploadSession | undefined>;
  /** Sends the next `length` bytes. @returns the session with where it goes on */
  continueUpload(
    session: UploadSession,
    body: Readable,
    length: number,
    signal?: AbortSignal,
  ): Promise<UploadSession>;
  /** @throws RemoteError refused (DIGEST_INVALID) */
  finishUpload(session: UploadSession, digest: Digest, signal?: AbortSignal): Promise<void>;
}

export function uploadRequests(requests: Requests): UploadRequests {
  const sessionFrom = (repository: string, answer: Answer): UploadSession => {
    const location = answer.header('location');
    if (!location || !URL.canParse(location, answer.url.href)) {
      throw new RemoteError(
        'malformed',
        `${requests.origin.host} began an upload without naming its Location`,
      );
    }
    const url = new URL(location, answer.url);
    // `Range: 0-0` stands for none as well as for one byte; no piece is that small, so it is none.
    const last = Number(/(\d+)$/.exec(answer.header('range') ?? '0-0')?.[1] ?? 0);
    return { repository, location: url.pathname + url.search, bytes: last === 0 ? 0 : last + 1 };
  };
  return {
    async startUpload(repository, digest, signal) {
      const answer = await requests.expect({
        method: 'POST',
        path: `/v2/${repository}/blobs/uploads/?mount=${encodeURIComponent(digest)}`,
        purpose: pushing(repository),
        signal,
      });
      await answer.drop();
      return answer.status === 201 ? undefined : sessionFrom(repository, answer);
    },
    async findUpload(repository, location, signal) {
      const answer = await orMissing(
        requests.expect({ method: 'GET', path: location, purpose: pushing(repository), signal }),
      );
      await answer?.drop();
      return answer && sessionFrom(repository, answer);
    },
    async continueUpload({ repository, location, bytes }, body, length, signal) {
      const answer = await requests.expect({
        method: 'PATCH',
        path: location,
        headers: {
          'content-type': 'application/octet-stream',
          'content-length': String(length),
          'content-range': `${bytes}-${bytes + length - 1}`,
        },
        body,
        purpose: pushing(repository),
        signal,
      });
      await answer.drop();
      return { ...sessionFrom(repository, answer), bytes: bytes + length };
    },
    async finishUpload({ repository, location }, digest, signal) {
      const url = new URL(location, requests.origin);
      url.searchParams.set('digest', digest);
      const answer = await requests.expect({
        method: 'PUT',
        path: url,
        purpose: pushing(repository),
        signal,
      });
      await answer.drop();
    },
  };
}
