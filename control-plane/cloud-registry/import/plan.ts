// What an import is about to copy, found by reading manifests before any blob moves: all that an index lists, what
// refers to any of it (signatures, SBOMs), and the bytes that hang on them, for its progress.
import type { Digest } from '../../../registry-node/oci/digest.ts';
import { parseManifest } from '../../../registry-node/oci/manifest.ts';
import { isLockedThere, isRemoteError } from '../../../registry-node/remote/errors.ts';
import type { RemoteManifest } from '../../../registry-node/remote/manifests.ts';
import { settleAll } from '../../../registry-node/remote/settle-all.ts';
import { ArmError } from '../../arm/errors.ts';
import type { ImportSource } from './source.ts';

export interface ImportPlan {
  /** Copied each with its graph: the image, then what refers to it, and to that. */
  roots: readonly Digest[];
  /** Blob -> bytes. */
  blobs: ReadonlyMap<Digest, number>;
}

/** Far above the 50 that Azure's documentation names, and no graph that never ends. */
const manifestsMax = 1000;
const requestsMax = 8;

/** @throws ArmError ImportFailed when the graph is too large; RemoteError; OciError MANIFEST_INVALID; the reason of `signal` */
export async function planImport(
  source: ImportSource,
  repository: string,
  root: Digest,
  signal: AbortSignal,
): Promise<ImportPlan> {
  const known = new Set([root]);
  const roots = [root];
  const blobs = new Map<Digest, number>();
  const waiting = [root];
  const add = (digest: Digest, to: Digest[]): void => {
    if (known.has(digest)) return;
    if (known.size >= manifestsMax)
      throw new ArmError(
        'ImportFailed',
        `The image and what refers to it have more than ${manifestsMax} manifests.`,
      );
    known.add(digest);
    to.push(digest);
    if (to !== waiting) waiting.push(digest);
  };
  const visit = async (digest: Digest): Promise<void> => {
    const found = await orAbsent(source.manifest(repository, { digest }, signal));
    if (!found) return;
    const manifest = parseManifest(found.bytes, found.mediaType);
    for (const blob of manifest.blobs) blobs.set(blob.digest, blob.size);
    for (const child of manifest.manifests) add(child.digest, waiting);
    for await (const referrer of source.referrers(repository, digest, signal)) add(referrer.digest, roots);
  };
  while (waiting.length > 0) await settleAll(waiting.splice(0, requestsMax).map(visit));
  return { roots, blobs };
}

/** A child that its registry does not hold, or not give away, is left out; copyGraph does so, too. */
async function orAbsent(asked: Promise<RemoteManifest | undefined>): Promise<RemoteManifest | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRemoteError(error, 'not-found') || isLockedThere(error)) return undefined;
    throw error;
  }
}
