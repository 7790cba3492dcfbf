// Copies a graph from another registry: the one verb of synchronising and of importing. Order of work: the manifests
// that an index lists, then blobs, then the manifest itself, so that whatever is visible is whole. What is stored anywhere in the target
// is linked and not fetched; what a cut left behind is continued at its byte; the caller tags afterwards.
import type { YieldingChange } from '../content/content.ts';
import type { Digest } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import { limits } from '../oci/limits.ts';
import { type Descriptor, parseManifest } from '../oci/manifest.ts';
import { parseRepositoryName, type RepositoryName } from '../oci/name.ts';
import { copyBlob, type CopyBlobRequest } from './copy-blob.ts';
import { isLockedThere, isRemoteError, RemoteError } from './errors.ts';
import type { RemoteManifest } from './manifests.ts';
import type { RemoteRegistry } from './open.ts';
import { settleAll } from './settle-all.ts';
import { transfersInto } from './transfers.ts';

/** Without `headManifest` a manifest is read also when another repository of the target holds it. */
export interface CopySource extends Pick<RemoteRegistry, 'endpoint' | 'manifest' | 'openBlob'> {
  headManifest?: RemoteRegistry['headManifest'] | undefined;
}

export interface CopyRequest extends CopyBlobRequest {
  source: CopySource;
  digest: Digest;
  targetRepository: string;
  /** Asked for each manifest, before its blobs and before it is stored. Undefined: it is left away, as if the source did not hold it. */
  changeFor(digest: Digest): Promise<YieldingChange | undefined>;
  /** Which of the manifests that an index lists are wanted; absent: all. */
  childrenOf?: ((listed: Descriptor[]) => Descriptor[]) | undefined;
}

/**
 * @throws RemoteError not-found when the source has no such manifest, and others; OciError INSUFFICIENT_STORAGE,
 *   MANIFEST_INVALID; the reason of `signal`
 */
export async function copyGraph(request: CopyRequest): Promise<void> {
  await copyManifest(request, parseRepositoryName(request.targetRepository), request.digest, 0);
}

async function copyManifest(
  request: CopyRequest,
  targetRepository: RepositoryName,
  digest: Digest,
  depth: number,
): Promise<void> {
  const { target, traffic, transfersMax, signal } = request;
  signal?.throwIfAborted();
  // Its graph came before it when it was stored, so there is nothing left to look for below it.
  if (await target.manifest(targetRepository, { digest })) return;
  if (depth > limits.indexDepthMax) {
    throw new OciError(
      'MANIFEST_INVALID',
      `indexes below ${request.digest} are nested deeper than ${limits.indexDepthMax}`,
    );
  }
  const found = await transfersInto(target).read(transfersMax, signal, () => findManifest(request, digest));
  if (!found.isHere) await traffic?.manifest('received', found.bytes.length, signal);
  // Whoever deletes an image goes on with its blobs: they must not come back either.
  if (!(await request.changeFor(digest))) return;
  const manifest = parseManifest(found.bytes, found.mediaType);
  const blobs = distinct(manifest.blobs);
  const children = request.childrenOf?.(manifest.manifests) ?? manifest.manifests;
  for (const child of children) await copyChild(request, targetRepository, child.digest, depth);
  await settleAll([
    ...blobs.map((blob) => copyBlob(request, targetRepository, blob)),
    ...distinct(manifest.optionalBlobs).map((blob) => copyIfThere(request, targetRepository, blob)),
  ]);
  const change = await request.changeFor(digest);
  if (!change) return;
  const { bytes, mediaType } = found;
  await target.putManifest({ repository: targetRepository, bytes, mediaType, digest }, change);
  const own = found.isHere ? [{ digest, size: found.bytes.length }] : [];
  traffic?.whole('received', [...own, ...blobs]);
}

interface FoundManifest extends Pick<RemoteManifest, 'bytes' | 'mediaType'> {
  /** Another repository of the target holds it, and the source has only said that it may be read there. */
  isHere: boolean;
}

async function findManifest(request: CopyRequest, digest: Digest): Promise<FoundManifest> {
  const { source, repository, target, signal } = request;
  const here = await target.manifestAnywhere(digest);
  if (here && (await isShown(request, digest))) return { ...here, isHere: true };
  const found = await source.manifest(repository, { digest }, signal);
  if (found) return { ...found, isHere: false };
  throw new RemoteError('not-found', `${source.endpoint}/${repository} has no manifest ${digest}`);
}

/** False too when it is refused: the answer to a HEAD has no body that could say why. */
async function isShown({ source, repository, signal }: CopyRequest, digest: Digest): Promise<boolean> {
  try {
    return (await source.headManifest?.(repository, { digest }, signal)) !== undefined;
  } catch (error) {
    if (isRemoteError(error, 'refused')) return false;
    throw error;
  }
}

/** An index may list manifests that its registry does not hold (distribution-spec, "sparse" indexes), or not give away. */
async function copyChild(
  request: CopyRequest,
  targetRepository: RepositoryName,
  digest: Digest,
  depth: number,
): Promise<void> {
  try {
    await copyManifest(request, targetRepository, digest, depth + 1);
  } catch (error) {
    if (!isRemoteError(error, 'not-found') && !isLockedThere(error)) throw error;
  }
}

/** Of a blob that the source need not hold. */
async function copyIfThere(
  request: CopyRequest,
  targetRepository: RepositoryName,
  blob: Descriptor,
): Promise<void> {
  let missing = 0;
  const onMissing = (bytes: number): void => {
    missing += bytes;
    request.onMissing?.(bytes);
  };
  try {
    await copyBlob({ ...request, onMissing }, targetRepository, blob);
  } catch (error) {
    if (!isRemoteError(error, 'not-found') && !isLockedThere(error)) throw error;
    request.onMissing?.(-missing);
  }
}

function distinct(blobs: readonly Descriptor[]): Descriptor[] {
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
}
