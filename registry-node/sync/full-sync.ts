// Makes this registry equal to the parent's full listing. Images are copied page by page; what is here and not listed
// goes when its repository has been listed whole, because a tag may have moved to a manifest on a later page.
//
// While a page is asked for and applied no local change goes up (`exclusively`): a change that arrived at the parent between
// the two would be missing in the listing, not be pending here any more, and so be taken for something the parent deleted.
import type { FullSyncPage, ListingEntry } from '../gateway/protocol.ts';
import { type Digest, parseDigest } from '../oci/digest.ts';
import { parseRepositoryName, type RepositoryName } from '../oci/name.ts';
import { parseTag, type Tag } from '../oci/reference.ts';
import { compileGrants } from '../oci/scope.ts';
import type { SyncContext } from './context.ts';
import { readLocalView } from './local-view.ts';
import { type Listed, planListing, planRemovals, type RemovalStep } from './plan.ts';
import { transfer } from './transfer.ts';

export interface FullSync {
  /** Applies the next page; the last one removes what the listing did not name. */
  apply(page: FullSyncPage, signal: AbortSignal): Promise<void>;
}

interface ListedRepository {
  name: RepositoryName;
  digests: Set<Digest>;
  tags: Set<Tag>;
}

const entriesPerRead = 500;

export function createFullSync(context: SyncContext): FullSync {
  const { content, pending } = context;
  const seen = new Set<RepositoryName>();
  let current: ListedRepository | undefined;

  const remove = (removals: RemovalStep[], signal: AbortSignal): Promise<void> =>
    transfer(context, { images: [], removals, conflicts: [], decided: [] }, signal);

  const removeUnlisted = async (listed: ListedRepository, signal: AbortSignal): Promise<void> => {
    let last: Digest | undefined;
    for (;;) {
      const page = await content.manifests(listed.name, { last, n: entriesPerRead });
      const stored = page.map((entry): Listed => ({ ...entry, repository: listed.name }));
      await remove(planRemovals(stored, listed, await readLocalView(content, pending, stored)), signal);
      last = page.at(-1)?.digest;
      if (page.length < entriesPerRead) return;
    }
  };

  /** Repositories that the listing does not name: gone at the parent, or no longer granted. */
  const removeRepositories = async (signal: AbortSignal): Promise<void> => {
    const { directory } = context;
    const grants = compileGrants(directory.configuration?.grants ?? []);
    for (const repository of await allRepositories(context)) {
      const keeps = directory.mode === 'ReadWrite' && !grants.repository(repository, 'content/read');
      if (seen.has(repository) || keeps) continue;
      await pending.refresh();
      if (!pending.repository(repository)) await remove([{ kind: 'delete-repository', repository }], signal);
      else await removeUnlisted({ name: repository, digests: new Set(), tags: new Set() }, signal);
    }
  };

  return {
    async apply({ entries, next }, signal) {
      const listed = entries.map(parseEntry);
      await transfer(context, planListing(listed, await readLocalView(content, pending, listed)), signal);
      for (const { repository, digest, tags } of listed) {
        if (current?.name !== repository) {
          if (current) await removeUnlisted(current, signal);
          current = { name: repository, digests: new Set(), tags: new Set() };
          seen.add(repository);
        }
        current.digests.add(digest);
        for (const tag of tags) current.tags.add(tag);
      }
      if (next !== undefined) return;
      if (current) await removeUnlisted(current, signal);
      await removeRepositories(signal);
    },
  };
}

async function allRepositories({ content }: SyncContext): Promise<RepositoryName[]> {
  const all: RepositoryName[] = [];
  for (;;) {
    const page = await content.repositories({ last: all.at(-1), n: entriesPerRead });
    all.push(...page);
    if (page.length < entriesPerRead) return all;
  }
}

function parseEntry({ repository, digest, size, tags }: ListingEntry): Listed {
  return {
    repository: parseRepositoryName(repository),
    digest: parseDigest(digest),
    size,
    tags: tags.map(parseTag),
  };
}
