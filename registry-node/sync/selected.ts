// What a filter means here, between two full syncs. The parent tells what is selected; what is not selected any more goes
// from a ReadOnly node. A ReadWrite node keeps it, because it may have been pushed there: its filter only keeps from copying.
import type { SyncResponse, WireEvent } from '../gateway/protocol.ts';
import type { Digest } from '../oci/digest.ts';
import { parseRepositoryName, type RepositoryName } from '../oci/name.ts';
import { parseTag, type Tag } from '../oci/reference.ts';
import { type FilterRule, ruleFor } from '../selection/filter.ts';
import { reach } from '../selection/select.ts';
import type { SyncContext } from './context.ts';
import { addTo, copyListed, emptyRepository, parseEntry, removeUnlisted } from './listed.ts';
import type { LocalView } from './plan.ts';

export async function applySelections(
  context: SyncContext,
  selections: NonNullable<SyncResponse['selections']>,
  signal: AbortSignal,
): Promise<void> {
  for (const selection of selections) {
    const entries = selection.entries.map(parseEntry);
    await copyListed(context, entries, signal);
    const wanted = new Set(entries.map(({ digest }) => digest));
    await context.setAside.keepOnly((name, digest) => name !== selection.repository || wanted.has(digest));
    if (context.directory.mode === 'ReadWrite') continue;
    const listed = emptyRepository(parseRepositoryName(selection.repository));
    for (const entry of entries) addTo(listed, entry);
    await removeUnlisted(context, listed, signal);
  }
}

/**
 * The repositories with a rule in which these events may leave manifests that no tag reaches any more: a tag went, or was
 * moved. To be asked before they are applied; where the newest are wanted, the parent tells.
 */
export function loosenedBy(
  { directory }: SyncContext,
  events: readonly WireEvent[],
  local: LocalView,
): ReadonlyMap<RepositoryName, FilterRule> {
  const loosened = new Map<RepositoryName, FilterRule>();
  if (directory.mode === 'ReadWrite') return loosened;
  for (const { action, repository: name, tag } of events) {
    const repository = parseRepositoryName(name);
    const rule = ruleFor(directory.configuration?.syncFilter, repository);
    if (!rule || rule.tags?.newest !== undefined || action === 'push') continue;
    const isNew = action === 'tag' && tag !== undefined && !local.tag(repository, parseTag(tag));
    if (!isNew) loosened.set(repository, rule);
  }
  return loosened;
}

/** Removes what no tag reaches any more. */
export async function removeUnreached(
  context: SyncContext,
  loosened: ReadonlyMap<RepositoryName, FilterRule>,
  signal: AbortSignal,
): Promise<void> {
  for (const [repository, rule] of loosened) {
    const tags = await tagsOf(context, repository);
    const digests = await reach(context.content, repository, [rule], tags.values());
    await removeUnlisted(context, { name: repository, digests, tags: new Set(tags.keys()) }, signal);
  }
}

const entriesPerRead = 500;

async function tagsOf({ content }: SyncContext, repository: RepositoryName): Promise<Map<Tag, Digest>> {
  const found = new Map<Tag, Digest>();
  for (let last: Digest | undefined; ;) {
    const page = await content.manifests(repository, { last, n: entriesPerRead });
    for (const { digest, tags } of page) for (const tag of tags) found.set(tag, digest);
    last = page.at(-1)?.digest;
    if (page.length < entriesPerRead) return found;
  }
}
