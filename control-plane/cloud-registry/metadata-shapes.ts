// The shapes of the metadata API (Azure REST API, Container Registry data plane 2021-07-01).
import type { ManifestEntry, StoredManifest, TagEntry } from '../../registry-node/content/content.ts';
import { parseManifest } from '../../registry-node/oci/manifest.ts';

/** Nothing can be locked here, so everything may be changed. */
const changeableAttributes = {
  deleteEnabled: true,
  writeEnabled: true,
  readEnabled: true,
  listEnabled: true,
};

export function repositoryAttributes(tags: readonly TagEntry[], manifests: readonly ManifestEntry[]): object {
  const created = manifests.map(({ createdAt }) => createdAt.getTime());
  const updated = [...tags.map(({ updatedAt }) => updatedAt.getTime()), ...created];
  return {
    createdTime: wireTime(new Date(Math.min(...created))),
    lastUpdateTime: wireTime(new Date(Math.max(...updated))),
    manifestCount: manifests.length,
    tagCount: tags.length,
    changeableAttributes,
  };
}

export function toTag({ name, digest, createdAt, updatedAt }: TagEntry): object {
  return {
    name,
    digest,
    createdTime: wireTime(createdAt),
    lastUpdateTime: wireTime(updatedAt),
    signed: false,
    changeableAttributes,
  };
}

/** @param tags of the whole repository: the newest move of a tag on it is the manifest's last update */
export function toManifest(entry: ManifestEntry, imageSize: number, tags: readonly TagEntry[]): object {
  const own = tags.filter(({ digest }) => digest === entry.digest);
  const updated = Math.max(entry.createdAt.getTime(), ...own.map(({ updatedAt }) => updatedAt.getTime()));
  return {
    digest: entry.digest,
    imageSize,
    createdTime: wireTime(entry.createdAt),
    lastUpdateTime: wireTime(new Date(updated)),
    mediaType: entry.mediaType,
    tags: entry.tags.length === 0 ? undefined : entry.tags,
    changeableAttributes,
  };
}

/** Bytes of an image with its config and layers; of an index its own (as observed). */
export function imageSizeOf({ bytes, mediaType }: StoredManifest): number {
  const { blobs } = parseManifest(bytes, mediaType);
  return blobs.reduce((sum, { size }) => sum + size, bytes.length);
}

/** Seven digits of a second, which some clients parse by position. */
function wireTime(instant: Date): string {
  return instant.toISOString().replace('Z', '0000Z');
}
