// What the parent lists of a repository, against what is here: what is missing is copied, and what is not listed goes.
import type { ListingEntry } from '../gateway/protocol.ts';
import { type Digest, parseDigest } from '../oci/digest.ts';
import { parseRepositoryName, type RepositoryName } from '../oci/name.ts';
import { parseTag, type Tag } from '../oci/reference.ts';
import type { SyncContext } from './context.ts';
import { readLocalView } from './local-view.ts';
import { nameIn } from './name-in.ts';
import {
  emptyPlan,
  type Listed,
  planListing,
  planRemovals,
  type RemovalStep,
  type TagTimes,
} from './plan.ts';
import { transfer } from './transfer.ts';

export interface ListedEntry extends Listed {
  /** Not to be copied. What is here of it stays all the same. */
  unselected: boolean;
  unselectedTags: Tag[];
  /** When each of the tags was moved, where that is told. */
  movedAt: readonly Date[];
}

export interface ListedRepository {
  name: RepositoryName;
  digests: Set<Digest>;
  tags: Set<Tag>;
}

const entriesPerRead = 500;

export function parseEntry(entry: ListingEntry): ListedEntry {
  const { repository, digest, size, tags, unselectedTags = [], unselected = false, movedAt = [] } = entry;
  return {
    repository: parseRepositoryName(repository),
    digest: parseDigest(digest),
    size,
    tags: tags.map(parseTag),
    unselected,
    unselectedTags: unselectedTags.map(parseTag),
    movedAt: movedAt.map((time) => new Date(time)),
  };
}

export function emptyRepository(name: RepositoryName): ListedRepository {
  return { name, digests: new Set(), tags: new Set() };
}

export function addTo({ digests, tags }: ListedRepository, entry: ListedEntry): void {
  digests.add(entry.digest);
  for (const tag of [...entry.tags, ...entry.unselectedTags]) tags.add(tag);
}

export async function copyListed(
  context: SyncContext,
  entries: readonly ListedEntry[],
  signal: AbortSignal,
): Promise<void> {
  const { content, pending, setAside } = context;
  await setAside.hearListing(entries);
  const wanted = entries.filter(({ unselected }) => !unselected);
  const movedAt: TagTimes = new Map();
  for (const { repository, tags, movedAt: times } of wanted) {
    for (const [at, tag] of tags.entries()) if (times[at]) movedAt.set(nameIn(repository, tag), times[at]);
  }
  const plan = planListing(wanted, await readLocalView(content, pending, wanted));
  await transfer(context, plan, signal, movedAt);
}

export async function removeUnlisted(
  context: SyncContext,
  listed: ListedRepository,
  signal: AbortSignal,
): Promise<void> {
  const { content, pending } = context;
  const manifests: RemovalStep[] = [];
  let last: Digest | undefined;
  for (;;) {
    const page = await content.manifests(listed.name, { last, n: entriesPerRead });
    const stored = page.map((entry): Listed => ({ ...entry, repository: listed.name }));
    const local = await readLocalView(content, pending, stored);
    const { untag = [], delete: gone = [] } = Object.groupBy(
      planRemovals(stored, listed, local),
      ({ kind }) => kind,
    );
    await remove(context, untag, signal);
    manifests.push(...gone);
    last = page.at(-1)?.digest;
    if (page.length < entriesPerRead) break;
  }
  // An index on a later page may be tagged and list one of an earlier page.
  await remove(context, manifests, signal);
}

export async function remove(
  context: SyncContext,
  removals: RemovalStep[],
  signal: AbortSignal,
): Promise<void> {
  await transfer(context, { ...emptyPlan(context.pending.knownTo()), removals }, signal);
}
