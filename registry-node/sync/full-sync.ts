// Makes this registry equal to the parent's full listing. Images are copied page by page; what is here and not listed
// goes when its repository has been listed whole, because a tag may have moved to a manifest on a later page.
//
// While a page is asked for and applied no local change goes up (`exclusively`): a change that arrived at the parent between
// the two would be missing in the listing, not be pending here any more, and so be taken for something the parent deleted. What
// goes up between two pages counts as listed for the same reason: the events that follow the listing tell what became of it.
import type { FeedEvent } from '../content/feed.ts';
import type { FullSyncPage } from '../gateway/protocol.ts';
import type { RepositoryName } from '../oci/name.ts';
import { compileGrants } from '../oci/scope.ts';
import type { SyncContext } from './context.ts';
import {
  addTo,
  copyListed,
  emptyRepository,
  type ListedRepository,
  parseEntry,
  remove,
  removeUnlisted,
} from './listed.ts';
import { parseOverruled } from './overruled.ts';

export interface FullSync {
  /** Applies the next page; the last one removes what the listing did not name. */
  apply(page: FullSyncPage, signal: AbortSignal): Promise<void>;
}

const entriesPerRead = 500;

export function createFullSync(context: SyncContext): FullSync {
  const { conflicts, pending, setAside } = context;
  const wentUp = pending.recordSettled();
  const seen = new Set<RepositoryName>();
  let current: ListedRepository | undefined;

  /** Repositories that the listing does not name: gone at the parent, or no longer granted. */
  const removeRepositories = async (signal: AbortSignal): Promise<void> => {
    const { content, directory } = context;
    const grants = compileGrants(directory.configuration?.grants ?? []);
    for (const repository of await allRepositories(context)) {
      const keeps = directory.mode === 'ReadWrite' && !grants.repository(repository, 'content/read');
      if (seen.has(repository) || keeps) continue;
      await pending.refresh();
      const changed = wentUp.events.some((event) => event.repository === repository);
      if (!changed && !pending.repository(repository))
        await remove(context, [{ kind: 'delete-repository', repository }], signal);
      // What was changed here stays, and nothing else of it: also when that was just now, and the repository was left for it.
      if (await content.hasRepository(repository))
        await removeUnlisted(context, withWentUp(emptyRepository(repository), wentUp.events), signal);
    }
  };

  /** What of it is here, or set aside, and not listed goes. */
  const finishRepository = async (listed: ListedRepository, signal: AbortSignal): Promise<void> => {
    const { name, digests } = listed;
    await setAside.keepOnly((repository, digest) => repository !== name || digests.has(digest));
    await removeUnlisted(context, withWentUp(listed, wentUp.events), signal);
  };

  return {
    async apply({ entries, next, overruled = [] }, signal) {
      const listed = entries.map(parseEntry);
      await copyListed(context, listed, signal);
      for (const entry of listed) {
        const { repository } = entry;
        if (current?.name !== repository) {
          if (current) await finishRepository(current, signal);
          current = emptyRepository(repository);
          seen.add(repository);
        }
        addTo(current, entry);
      }
      if (next !== undefined) return;
      if (current) await finishRepository(current, signal);
      await setAside.keepOnly((repository) => seen.has(repository));
      await removeRepositories(signal);
      await conflicts.report(overruled.map(parseOverruled), pending.knownTo());
      wentUp.end();
    },
  };
}

function withWentUp(listed: ListedRepository, wentUp: readonly FeedEvent[]): ListedRepository {
  for (const { repository, digest, tag } of wentUp) {
    if (repository !== listed.name) continue;
    listed.digests.add(digest);
    if (tag !== undefined) listed.tags.add(tag);
  }
  return listed;
}

async function allRepositories({ content }: SyncContext): Promise<RepositoryName[]> {
  const all: RepositoryName[] = [];
  for (;;) {
    const page = await content.repositories({ last: all.at(-1), n: entriesPerRead });
    all.push(...page);
    if (page.length < entriesPerRead) return all;
  }
}
