// Manifests that are asked for again and again, in memory: a site that starts fifty machines asks for one tag fifty times. A tag
// is remembered as the digest that it points at, so each manifest is held once, and a change takes it out for all its tags.
// Bounded in bytes, and in tags; each change takes out what it touched.
import { BoundedMap } from '../bounded-map.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Reference, Tag } from '../oci/reference.ts';
import type { StoredManifest } from './content.ts';
import type { NewFeedEvent } from './feed-log.ts';

export interface ManifestCache {
  get(repository: RepositoryName, reference: Reference): StoredManifest | undefined;
  set(repository: RepositoryName, reference: Reference, manifest: StoredManifest): void;
  forget(changed: readonly Pick<NewFeedEvent, 'repository' | 'digest' | 'tag'>[]): void;
}

const bytesMax = 16 * 1024 * 1024;
/** What an entry costs beside its bytes: keys, objects, the map's own. */
const entryBytes = 1024;
/** Each costs a few hundred bytes. */
const tagsMax = 16 * 1024;

export function createManifestCache(): ManifestCache {
  const manifests = new BoundedMap<StoredManifest>({
    weightMax: bytesMax,
    weigh: (manifest) => manifest.bytes.length + entryBytes,
  });
  const digests = new BoundedMap<Digest>({ weightMax: tagsMax });
  const manifestKey = (repository: RepositoryName, digest: Digest): string => `${repository}@${digest}`;
  const tagKey = (repository: RepositoryName, tag: Tag): string => `${repository}:${tag}`;
  return {
    get: (repository, reference) => {
      const digest =
        reference.tag === undefined ? reference.digest : digests.get(tagKey(repository, reference.tag));
      return digest && manifests.get(manifestKey(repository, digest));
    },
    set: (repository, { tag }, manifest) => {
      manifests.set(manifestKey(repository, manifest.digest), manifest);
      if (tag !== undefined) digests.set(tagKey(repository, tag), manifest.digest);
    },
    forget: (events) => {
      for (const { repository, digest, tag } of events) {
        manifests.take(manifestKey(repository, digest));
        if (tag !== undefined) digests.take(tagKey(repository, tag));
      }
    },
  };
}
