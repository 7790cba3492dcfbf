// Brings one blob to another registry, in pieces of which it keeps each. A request that was done may look as if it was not: its
// answer is lost, or something on the way sends it twice. So before anything is sent again, the registry is asked what it has.
import { PassThrough, Readable } from 'node:stream';
import type { ByteRange } from '../blobs/blob-store.ts';
import type { Content } from '../content/content.ts';
import type { Digest } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import type { Descriptor } from '../oci/manifest.ts';
import type { RepositoryName } from '../oci/name.ts';
import { isRemoteError } from './errors.ts';
import type { RemoteRegistry } from './open.ts';
import type { Traffic } from './traffic.ts';
import type { UploadSession } from './uploads.ts';

/** Where unfinished uploads are remembered, so that one goes on after a cut or a restart. */
export interface UploadMemory {
  get(repository: RepositoryName, digest: Digest): string | undefined;
  set(repository: RepositoryName, digest: Digest, location: string): Promise<void>;
  forget(repository: RepositoryName, digest: Digest): Promise<void>;
}

export interface PushBlobRequest {
  source: Content;
  repository: RepositoryName;
  target: RemoteRegistry;
  uploads: UploadMemory;
  /** A blob goes up in pieces of it; each is kept by the registry above. */
  chunkBytes: number;
  signal?: AbortSignal | undefined;
  traffic?: Traffic | undefined;
  /** So many bytes were sent. */
  onBytes?: ((bytes: number) => void) | undefined;
}

/** @throws RemoteError; OciError BLOB_UNKNOWN; the reason of `signal` */
export async function pushBlob(request: PushBlobRequest, { digest }: Descriptor): Promise<void> {
  const { repository, target, uploads, signal } = request;
  const isThere = await hasBlob(request, digest);
  const session =
    !isThere &&
    ((await rememberedSession(request, digest)) ?? (await target.startUpload(repository, digest, signal)));
  if (session) await upload(request, session, digest);
  await uploads.forget(repository, digest);
}

async function hasBlob({ repository, target, signal }: PushBlobRequest, digest: Digest): Promise<boolean> {
  return (await target.blobSize(repository, digest, signal)) !== undefined;
}

async function rememberedSession(
  { repository, target, uploads, signal }: PushBlobRequest,
  digest: Digest,
): Promise<UploadSession | undefined> {
  const location = uploads.get(repository, digest);
  return location === undefined ? undefined : target.findUpload(repository, location, signal);
}

async function upload(request: PushBlobRequest, session: UploadSession, digest: Digest): Promise<void> {
  const { source, repository, uploads, chunkBytes } = request;
  const size = await source.blobSize(repository, digest);
  if (size === undefined) throw new OciError('BLOB_UNKNOWN', `blob ${digest} of ${repository} is gone`);
  let current = session;
  try {
    while (current.bytes < size) {
      await uploads.set(repository, digest, current.location);
      current = await sendPiece(request, current, digest, Math.min(chunkBytes, size - current.bytes));
    }
    await finish(request, current, digest);
  } catch (error) {
    // A session that the registry no longer accepts would be refused for ever; the next attempt starts a new one.
    if (isRemoteError(error, 'refused', 'not-found') && !isOfAnotherState(error)) {
      await uploads.forget(repository, digest);
    }
    throw error;
  }
}

/** @returns where the session stands, which is further on in any case */
async function sendPiece(
  request: PushBlobRequest,
  session: UploadSession,
  digest: Digest,
  length: number,
): Promise<UploadSession> {
  const { source, repository, target, signal, traffic } = request;
  const { bytes: start, location } = session;
  let trouble: unknown;
  const move = (): Promise<UploadSession> => {
    const range = { start, end: start + length - 1 };
    const stored = readBlob(source, repository, digest, range, (error) => (trouble = error));
    const body = Readable.from(traffic ? traffic.sent(digest, stored, signal) : stored, {
      objectMode: false,
    });
    return target.continueUpload(session, body, length, signal);
  };
  try {
    const moved = await (traffic ? traffic.chunk(signal, move) : move());
    request.onBytes?.(length);
    return moved;
  } catch (error) {
    if (!isOfAnotherState(error)) throw trouble ?? error;
    const found = await target.findUpload(repository, location, signal);
    if (!found || found.bytes <= start) throw error;
    return found;
  }
}

async function finish(request: PushBlobRequest, session: UploadSession, digest: Digest): Promise<void> {
  try {
    await request.target.finishUpload(session, digest, request.signal);
  } catch (error) {
    const mayBeDone = isRemoteError(error, 'not-found') || isOfAnotherState(error);
    if (!mayBeDone || !(await hasBlob(request, digest))) throw error;
  }
}

/** The session has another length than was thought, or an earlier request still writes to it (416). It may go on all the same. */
function isOfAnotherState(error: unknown): boolean {
  return isRemoteError(error, 'refused') && error.status === 416;
}

/**
 * The range, which is opened when its first bytes are asked for. Before that somebody may delete the blob, or the request fail
 * while it signs in, and nobody would be there to be told of the one or to close the file after the other.
 * @param failed told what could not be read here, of which the registry above knows only a request that was cut
 */
async function* readBlob(
  source: Content,
  repository: RepositoryName,
  digest: Digest,
  range: ByteRange,
  failed: (error: unknown) => void,
): AsyncIterable<Uint8Array> {
  const stream = new PassThrough({ highWaterMark: 1024 * 1024 });
  source.sendBlob(repository, digest, stream, range).then(
    () => stream.end(),
    (error: Error) => stream.destroy(error),
  );
  try {
    yield* stream;
  } catch (error) {
    failed(error);
    throw error;
  }
}
