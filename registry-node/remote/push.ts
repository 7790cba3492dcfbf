// Copies a graph to another registry: the way up of what was pushed on site. The same order as in copy.ts: manifests of
// an index, blobs, then the manifest, so that the registry above never shows what is not whole.
import { PassThrough, Readable } from 'node:stream';
import type { ByteRange } from '../blobs/blob-store.ts';
import type { Content } from '../content/content.ts';
import type { Digest } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import { limits } from '../oci/limits.ts';
import { type Descriptor, type Manifest, parseManifest } from '../oci/manifest.ts';
import type { RepositoryName } from '../oci/name.ts';
import { isRemoteError } from './errors.ts';
import type { RemoteRegistry } from './open.ts';
import { settleAll } from './settle-all.ts';
import type { Traffic } from './traffic.ts';
import { createTransfers, type Transfers } from './transfers.ts';
import type { UploadSession } from './uploads.ts';

/** Where unfinished uploads are remembered, so that one goes on after a cut or a restart. */
export interface UploadMemory {
  get(repository: RepositoryName, digest: Digest): string | undefined;
  set(repository: RepositoryName, digest: Digest, location: string): Promise<void>;
  forget(repository: RepositoryName, digest: Digest): Promise<void>;
}

export interface PushRequest {
  source: Content;
  repository: RepositoryName;
  digest: Digest;
  target: RemoteRegistry;
  uploads: UploadMemory;
  /** A blob goes up in pieces of it; each is kept by the registry above. */
  chunkBytes: number;
  transfersMax: number;
  signal?: AbortSignal | undefined;
  traffic?: Traffic | undefined;
  /** So many bytes were sent. */
  onBytes?: ((bytes: number) => void) | undefined;
}

/** @returns false when the manifest is not stored here any more. @throws RemoteError; the reason of `signal` */
export async function pushGraph(request: PushRequest): Promise<boolean> {
  return pushManifest(request, createTransfers(), request.digest, 0);
}

async function pushManifest(
  request: PushRequest,
  transfers: Transfers,
  digest: Digest,
  depth: number,
): Promise<boolean> {
  const { source, repository, target, signal } = request;
  signal?.throwIfAborted();
  const stored = await source.manifest(repository, { digest });
  if (!stored || depth > limits.indexDepthMax) return false;
  const manifest = parseManifest(stored.bytes, stored.mediaType);
  const pushChild = (child: Descriptor): Promise<boolean> =>
    pushManifest(request, transfers, child.digest, depth + 1);
  if (await target.headManifest(repository, { digest }, signal)) {
    // What an index lists may have been deleted there since; here it stays as long as the index has to go up.
    await settleAll(manifest.manifests.map(pushChild));
    return true;
  }
  for (const child of manifest.manifests) await pushChild(child);
  const blobs = await blobsOf(request, manifest);
  await settleAll(
    blobs.map((blob) =>
      transfers.once(blob.digest, request.transfersMax, signal, () => pushBlob(request, blob)),
    ),
  );
  await target.putManifest(repository, { ...stored, digest }, undefined, signal);
  await request.traffic?.manifest('sent', stored.bytes.length, signal);
  request.traffic?.whole('sent', blobs);
  return true;
}

/** Each once: those that have to be there, and what is stored here of the others. */
async function blobsOf({ source, repository }: PushRequest, manifest: Manifest): Promise<Descriptor[]> {
  const optional = await Promise.all(
    manifest.optionalBlobs.map(async (blob) =>
      (await source.blobSize(repository, blob.digest)) === undefined ? [] : [blob],
    ),
  );
  const blobs = [...manifest.blobs, ...optional.flat()];
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
}

async function pushBlob(request: PushRequest, blob: Descriptor): Promise<void> {
  const { repository, target, signal } = request;
  if ((await target.blobSize(repository, blob.digest, signal)) !== undefined) return;
  const session =
    (await rememberedSession(request, blob.digest)) ??
    (await target.startUpload(repository, blob.digest, signal));
  if (session) await upload(request, session, blob);
}

async function rememberedSession(
  { repository, target, uploads, signal }: PushRequest,
  digest: Digest,
): Promise<UploadSession | undefined> {
  const location = uploads.get(repository, digest);
  const session = location && (await target.findUpload(repository, location, signal));
  if (location && !session) await uploads.forget(repository, digest);
  return session || undefined;
}

async function upload(request: PushRequest, session: UploadSession, blob: Descriptor): Promise<void> {
  const { source, repository, target, uploads, chunkBytes, signal, traffic } = request;
  const size = await source.blobSize(repository, blob.digest);
  if (size === undefined) throw new OciError('BLOB_UNKNOWN', `blob ${blob.digest} of ${repository} is gone`);
  let current = session;
  try {
    while (current.bytes < size) {
      await uploads.set(repository, blob.digest, current.location);
      const { location, bytes: start } = current;
      const length = Math.min(chunkBytes, size - start);
      const move = (): Promise<UploadSession> => {
        const stored = readBlob(source, repository, blob.digest, { start, end: start + length - 1 });
        const body = traffic
          ? Readable.from(traffic.sent(blob.digest, stored, signal), { objectMode: false })
          : stored;
        return target.continueUpload({ repository, location, bytes: start }, body, length, signal);
      };
      current = await (traffic ? traffic.chunk(signal, move) : move());
      request.onBytes?.(length);
    }
    await target.finishUpload(current, blob.digest, signal);
  } catch (error) {
    // A session that the registry no longer accepts would be refused for ever; the next attempt starts a new one.
    if (isRemoteError(error, 'refused', 'not-found')) await uploads.forget(repository, blob.digest);
    throw error;
  }
  await uploads.forget(repository, blob.digest);
}

/** The range as a stream that ends with it; what fails while reading ends it with the failure. */
function readBlob(source: Content, repository: RepositoryName, digest: Digest, range: ByteRange): Readable {
  const stream = new PassThrough({ highWaterMark: 1024 * 1024 });
  source.sendBlob(repository, digest, stream, range).then(
    () => stream.end(),
    (error: Error) => stream.destroy(error),
  );
  return stream;
}
