// Copies a graph to another registry: the way up of what was pushed on site. The same order as in copy.ts: manifests of
// an index, blobs, then the manifest, so that the registry above never shows what is not whole.
import type { Digest } from '../oci/digest.ts';
import { limits } from '../oci/limits.ts';
import { type Descriptor, type Manifest, parseManifest } from '../oci/manifest.ts';
import { pushBlob, type PushBlobRequest } from './push-blob.ts';
import { settleAll } from './settle-all.ts';
import { createTransfers, type Transfers } from './transfers.ts';

export interface PushRequest extends PushBlobRequest {
  digest: Digest;
  transfersMax: number;
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
