// Whole lists out of a registry's content, page by page.
import type { Content, ManifestEntry, Page, TagEntry } from '../../registry-node/content/content.ts';
import type { Digest } from '../../registry-node/oci/digest.ts';
import { limits } from '../../registry-node/oci/limits.ts';
import type { RepositoryName } from '../../registry-node/oci/name.ts';
import type { Tag } from '../../registry-node/oci/reference.ts';

export function allRepositories(content: Content): Promise<RepositoryName[]> {
  return all<RepositoryName, RepositoryName>(
    (page) => content.repositories(page),
    (name) => name,
  );
}

export function allTags(content: Content, repository: RepositoryName): Promise<TagEntry[]> {
  return all<TagEntry, Tag>(
    (page) => content.tags(repository, page),
    ({ name }) => name,
  );
}

export function allManifests(content: Content, repository: RepositoryName): Promise<ManifestEntry[]> {
  return all<ManifestEntry, Digest>(
    (page) => content.manifests(repository, page),
    ({ digest }) => digest,
  );
}

async function all<Entry, Key extends string>(
  read: (page: Page<Key>) => Promise<Entry[]>,
  keyOf: (entry: Entry) => Key,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let last: Key | undefined; ;) {
    const page = await read({ last, n: limits.pageEntriesMax });
    entries.push(...page);
    if (page.length < limits.pageEntriesMax) return entries;
    last = keyOf(page.at(-1)!);
  }
}
