// Manifests that are asked for again and again, in memory, by digest and by tag: a site that starts fifty machines asks for
// one tag fifty times. Bounded in bytes; each change takes out what it touched.
import { BoundedMap } from '../bounded-map.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Reference } from '../oci/reference.ts';
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

export function createManifestCache(): ManifestCache {
  const entries = new BoundedMap<StoredManifest>({
    weightMax: bytesMax,
    weigh: (manifest) => manifest.bytes.length + entryBytes,
  });
  // No name and no tag holds an `@`, so the two kinds of key never meet.
  const key = (repository: RepositoryName, { tag, digest }: Reference): string =>
    tag === undefined ? `${repository}@${digest}` : `${repository}:${tag}`;
  return {
    get: (repository, reference) => entries.get(key(repository, reference)),
    set: (repository, reference, manifest) => entries.set(key(repository, reference), manifest),
    forget: (events) => {
      for (const { repository, digest, tag } of events) {
        entries.take(key(repository, { digest }));
        if (tag !== undefined) entries.take(key(repository, { tag }));
      }
    },
  };
}
