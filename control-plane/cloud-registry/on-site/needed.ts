// What is still to be copied to a site, and how many bytes that is: for each repository, and for one image.
import type { Content } from '../../../registry-node/content/content.ts';
import type { Digest } from '../../../registry-node/oci/digest.ts';
import { parseManifest } from '../../../registry-node/oci/manifest.ts';
import type { RepositoryName } from '../../../registry-node/oci/name.ts';

export interface Found {
  name: RepositoryName;
  manifests: {
    digests: ReadonlySet<Digest>;
    /** Not known to be whole on site. */
    left: ReadonlySet<Digest>;
  };
}

/** More repositories than these with one blob are not looked through: at worst, bytes count that are there. */
const repositoriesPerBlobMax = 100;

/** What is to be copied, by its digest, a manifest's behind its repository; one blob that several need comes once. */
export type Needed = Map<string, NeededContent>;

interface NeededContent {
  /** Where it is needed first. */
  repository: RepositoryName;
  bytes: number;
  /** Undefined of a manifest. */
  blob?: Digest;
  /** The keys of what a manifest names. */
  names: readonly string[];
}

const keyOf = (repository: RepositoryName, digest: Digest): string => `${repository}@${digest}`;

/** @param manifestsOf of another repository that the site receives; undefined of one that it does not */
export async function neededFor(
  content: Content,
  found: readonly Found[],
  manifestsOf: (repository: RepositoryName) => Promise<Found['manifests'] | undefined>,
): Promise<Needed> {
  const needed: Needed = new Map();
  for (const { name: repository, manifests: known } of found) {
    for (const digest of known.left) {
      const stored = await content.manifest(repository, { digest });
      if (!stored) continue;
      const { blobs, manifests } = parseManifest(stored.bytes, stored.mediaType);
      const names = [
        ...blobs.map((blob) => blob.digest),
        ...manifests.map((child) => keyOf(repository, child.digest)),
      ];
      needed.set(keyOf(repository, digest), { repository, bytes: stored.bytes.length, names });
      for (const blob of blobs) {
        if (!needed.has(blob.digest))
          needed.set(blob.digest, { repository, bytes: blob.size, blob: blob.digest, names: [] });
      }
    }
  }
  if (needed.size === 0) return needed;
  await withoutStored(content, found, needed);
  await withoutStored(content, await elsewhere(content, found, needed, manifestsOf), needed);
  return needed;
}

/** What the site receives beside what was looked at, where it holds blobs that are needed. */
async function elsewhere(
  content: Content,
  found: readonly Found[],
  needed: Needed,
  manifestsOf: (repository: RepositoryName) => Promise<Found['manifests'] | undefined>,
): Promise<Found[]> {
  const others = new Map<RepositoryName, Found['manifests'] | undefined>();
  for (const { blob } of needed.values()) {
    if (!blob) continue;
    for (const repository of await content.repositoriesOfBlob(blob, repositoriesPerBlobMax)) {
      if (others.has(repository) || found.some(({ name }) => name === repository)) continue;
      others.set(repository, await manifestsOf(repository));
    }
  }
  return [...others].flatMap(([name, manifests]) => (manifests ? [{ name, manifests }] : []));
}

/** A blob that an image on site needs is there. */
async function withoutStored(content: Content, found: readonly Found[], needed: Needed): Promise<void> {
  for (const { name, manifests } of found) {
    for (const digest of manifests.digests.difference(manifests.left)) {
      for (const blob of (await readManifest(content, name, digest))?.blobs ?? []) needed.delete(blob.digest);
    }
  }
}

export function bytesByRepository(needed: Needed): Map<RepositoryName, number> {
  const left = new Map<RepositoryName, number>();
  for (const { repository, bytes } of needed.values())
    left.set(repository, (left.get(repository) ?? 0) + bytes);
  return left;
}

/** Of a manifest and all below it; whatever is on site names nothing that is not. */
export function bytesBelow(needed: Needed, repository: RepositoryName, digest: Digest): number {
  let bytes = 0;
  const keys = new Set([keyOf(repository, digest)]);
  // A set is walked with what is added to it on the way.
  for (const key of keys) {
    const content = needed.get(key);
    bytes += content?.bytes ?? 0;
    for (const name of content?.names ?? []) keys.add(name);
  }
  return bytes;
}

export async function readManifest(content: Content, repository: RepositoryName, digest: Digest) {
  const stored = await content.manifest(repository, { digest });
  return stored && parseManifest(stored.bytes, stored.mediaType);
}
