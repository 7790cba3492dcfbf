// What a child is told of a parent's content: what its sync token may read, and of that what its filter selects. Events say
// what changed; where only the newest tags are wanted, one tag that comes lets another one go, so the child is told all that
// is selected by now, and whatever else it has of the repository goes.
import type { Content } from '../content/content.ts';
import type { FeedEvent } from '../content/feed.ts';
import type { Digest } from '../oci/digest.ts';
import { parseManifest } from '../oci/manifest.ts';
import { parseRepositoryName, type RepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import type { Grants } from '../oci/scope.ts';
import { type FilterRule, ruleFor, type SyncFilter, wantsTag } from '../selection/filter.ts';
import { reach, select, type Selection } from '../selection/select.ts';
import type { ListingEntry, NodeConfiguration, SyncResponse, WireEvent } from './protocol.ts';

export interface Wanted {
  grants: Grants;
  filter: SyncFilter | undefined;
  /** What a filter does not select is removed from a ReadOnly node, and stays on a ReadWrite one. */
  mode: NodeConfiguration['mode'];
  /** Somebody below the child wants the newest tags, so the child has to know how new they are. */
  times: boolean;
}

export function wantedBy(configuration: NodeConfiguration, grants: Grants): Wanted {
  const { syncFilter: filter, mode, children } = configuration;
  return { grants, filter, mode, times: children.some((child) => asksForNewest(child.configuration)) };
}

function asksForNewest({ syncFilter, children }: NodeConfiguration): boolean {
  const own = syncFilter?.some(({ tags }) => tags?.newest !== undefined);
  return own === true || children.some((child) => asksForNewest(child.configuration));
}

export type Told = Pick<SyncResponse, 'events' | 'selections'>;

/** @param child its name: what it pushed itself is told back, whatever its filter says */
export async function tellEvents(
  content: Content,
  { filter, times }: Wanted,
  child: string,
  events: readonly FeedEvent[],
): Promise<Told> {
  const told: WireEvent[] = [];
  const listed = new Map<RepositoryName, FilterRule>();
  for (const event of events) {
    const rule = ruleFor(filter, event.repository);
    if (rule?.tags?.newest !== undefined) listed.set(event.repository, rule);
    if (!rule || isBy(event, child)) told.push(toWire(event));
    else told.push(...(await tellFiltered(content, rule, event)));
  }
  const selections: Told['selections'] & object = [];
  for (const [repository, rule] of listed) {
    const entries = await listSelection(content, repository, rule);
    const timed: ListingEntry[] = [];
    for (const entry of entries) timed.push(times ? await withTimes(content, repository, entry) : entry);
    selections.push({ repository, entries: timed });
  }
  if (times) for (const event of told) await addTime(content, event);
  return { events: told, ...(selections.length > 0 && { selections }) };
}

async function listSelection(
  content: Content,
  repository: RepositoryName,
  rule: FilterRule,
): Promise<ListingEntry[]> {
  const { tags, manifests } = await select(content, repository, [rule]);
  const tagged = Map.groupBy(tags, ([, digest]) => digest);
  const entries: ListingEntry[] = [];
  for (const digest of manifests) {
    const stored = await content.manifest(repository, { digest });
    if (!stored) continue;
    const { mediaType, bytes } = stored;
    const names = (tagged.get(digest) ?? []).map(([tag]) => tag);
    entries.push({ repository, digest, mediaType, size: bytes.length, tags: names });
  }
  return entries;
}

async function withTimes(
  { metadata }: Content,
  repository: RepositoryName,
  entry: ListingEntry,
): Promise<ListingEntry> {
  if (entry.tags.length === 0) return entry;
  const movedAt: number[] = [];
  for (const tag of entry.tags) {
    const facts = await metadata.tag(repository, parseTag(tag));
    // A tag that went meanwhile is told by the event that follows.
    movedAt.push(facts?.updatedAt.getTime() ?? 0);
  }
  return { ...entry, movedAt };
}

/** The tag's own time, which is not that of its row in the feed where the tag came from above. */
async function addTime({ metadata }: Content, event: WireEvent): Promise<void> {
  if (event.action !== 'tag' || event.tag === undefined) return;
  const facts = await metadata.tag(parseRepositoryName(event.repository), parseTag(event.tag));
  if (facts) event.movedAt = facts.updatedAt.getTime();
}

export function isBy({ origin }: FeedEvent, child: string): boolean {
  return typeof origin === 'object' && origin.connectedRegistry === child;
}

/** What goes is told always: on a ReadWrite node it may be there without being selected. */
async function tellFiltered(content: Content, rule: FilterRule, event: FeedEvent): Promise<WireEvent[]> {
  const { action, repository, digest, tag } = event;
  if (action === 'untag' || action === 'delete') return [toWire(event)];
  if (rule.tags?.newest !== undefined) return [];
  if (action === 'push') {
    const subject = await subjectOf(content, repository, digest);
    if (subject !== undefined) return [{ ...toWire(event), subject }];
    return (await isPartOfSelected(content, rule, event)) ? [toWire(event)] : [];
  }
  if (tag === undefined || !wantsTag(rule, tag)) return [];
  // A signature may have been pushed before its image was selected.
  const reached = await reach(content, repository, [rule], [digest]);
  reached.delete(digest);
  const withIt: WireEvent[] = [];
  for (const each of reached) {
    const stored = await content.manifest(repository, { digest: each });
    if (!stored) continue;
    const { mediaType, bytes } = stored;
    withIt.push({ seq: event.seq, repository, action: 'push', digest: each, mediaType, size: bytes.length });
  }
  return [toWire(event), ...withIt];
}

/** A part of an index that was deleted comes again when the index is pushed again, which is no news otherwise. */
async function isPartOfSelected(
  content: Content,
  rule: FilterRule,
  { repository, digest }: FeedEvent,
): Promise<boolean> {
  if ((await content.indexesListing(repository, digest)).length === 0) return false;
  return (await select(content, repository, [rule])).manifests.has(digest);
}

async function subjectOf(
  content: Content,
  repository: RepositoryName,
  digest: Digest,
): Promise<Digest | undefined> {
  const stored = await content.manifest(repository, { digest });
  return stored && parseManifest(stored.bytes, stored.mediaType).subject?.digest;
}

export function toWire(event: FeedEvent): WireEvent {
  const { seq, repository, action, digest, tag, mediaType, size, origin } = event;
  return {
    seq,
    repository,
    action,
    digest,
    ...(tag === undefined ? {} : { tag }),
    mediaType,
    size,
    ...(typeof origin === 'object' ? { origin: origin.connectedRegistry } : {}),
  };
}

/** What the child's filter selects of the repository; undefined: it says nothing of it, and all is told. */
export async function selectionOf(
  content: Content,
  { filter }: Wanted,
  repository: RepositoryName,
): Promise<Selection | undefined> {
  const rule = ruleFor(filter, repository);
  return rule && select(content, repository, [rule]);
}

/** @returns the entry as the child is told it; undefined: it is not told */
export async function tellEntry(
  content: Content,
  wanted: Wanted,
  selection: Selection | undefined,
  entry: ListingEntry & { repository: RepositoryName; digest: Digest },
): Promise<ListingEntry | undefined> {
  const told = selection ? tellSelected(wanted, selection, entry) : entry;
  return told && wanted.times ? withTimes(content, entry.repository, told) : told;
}

function tellSelected(
  { mode }: Wanted,
  { tags, manifests }: Selection,
  entry: ListingEntry & { digest: Digest },
): ListingEntry | undefined {
  const isSelected = (tag: string): boolean =>
    (tags as ReadonlyMap<string, Digest>).get(tag) === entry.digest;
  const selected = { ...entry, tags: entry.tags.filter(isSelected) };
  const isWanted = manifests.has(entry.digest);
  if (mode === 'ReadOnly') return isWanted ? selected : undefined;
  const unselectedTags = entry.tags.filter((tag) => !isSelected(tag));
  return {
    ...selected,
    ...(unselectedTags.length > 0 && { unselectedTags }),
    ...(!isWanted && { unselected: true }),
  };
}
