// Manifests of a source, asked for once: an import reads each twice, to plan and to copy, and public registries count
// what is read of them.
import { BoundedMap } from '../../../registry-node/bounded-map.ts';
import type { RemoteManifest } from '../../../registry-node/remote/manifests.ts';
import type { ImportSource } from './source.ts';

/** What does not fit is asked for again. */
const keptBytesMax = 16 * 1024 * 1024;

export function rememberManifests(source: ImportSource): ImportSource {
  const kept = new BoundedMap<RemoteManifest>({
    weightMax: keptBytesMax,
    weigh: ({ bytes }) => bytes.length,
  });
  return {
    ...source,
    // What is kept here needs no question.
    headManifest: undefined,
    manifest: async (repository, reference, signal) => {
      const known = reference.digest && kept.get(reference.digest);
      if (known) return known;
      const found = await source.manifest(repository, reference, signal);
      if (found) kept.set(found.digest, found);
      return found;
    },
  };
}
