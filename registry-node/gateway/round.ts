// What a parent answers in one round, from what the child sent and what there is: its configuration when it is not the
// newest, and either the events after its cursor or a full sync when events cannot tell everything any more.
import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Content } from '../content/content.ts';
import { durationMs } from '../duration.ts';
import type { Grants } from '../oci/scope.ts';
import type { SyncFilter } from '../selection/filter.ts';
import type { Children } from './children.ts';
import { formatPosition, parsePosition, readFullSyncPage } from './full-sync.ts';
import { type Overruled, overruledBy } from './overruled.ts';
import type { Applied, FullSyncPage, SyncRequest, SyncResponse, SyncTrigger } from './protocol.ts';
import { tellEvents, type Wanted, wantedBy } from './wanted.ts';

export const eventsMax = 1000;

export interface RoundDependencies {
  children: Children;
  content: Content;
  clock: Clock;
  /** What this registry itself has of the feed at the top. Absent: it is the top. */
  applied?: () => Applied | undefined;
  /** What one answer may hold; absent: as much as is sensible. */
  answerBounds?: { eventsMax: number; listingEntriesMax: number };
}

type News = Pick<SyncResponse, 'events' | 'selections' | 'cursor' | 'cursorMark' | 'more' | 'fullSync'>;

export async function answerRound(
  dependencies: RoundDependencies,
  name: string,
  grants: Grants,
  request: SyncRequest,
): Promise<SyncResponse> {
  const { children, content, clock } = dependencies;
  // Before the events are read, which may tell more than that.
  const above = dependencies.applied?.();
  const { configuration, revision } = await children.configuration(name);
  const wanted = wantedBy(configuration, grants);
  const grantsRevision = grantsRevisionOf(grants, wanted.filter);
  const ttlMs = durationMs(configuration.messageTtl);
  const news = request.reportOnly
    ? { events: [], cursor: request.cursor ?? 0, cursorMark: request.cursorMark, more: false }
    : ((await fullSyncPage(dependencies, name, wanted, grantsRevision, request)) ??
      (await eventsOrFullSync(dependencies, name, wanted, grantsRevision, ttlMs, request)));
  const own = { feedId: content.feed.id, cursor: news.cursor, grants: [] };
  // The pages of a listing are read at different times, so that no one moment holds for all of them; the next round tells.
  const inherited = news.fullSync ? undefined : above;
  const applied = dependencies.applied ? inherited : own;
  return {
    serverTime: clock.now().toISOString(),
    feedId: content.feed.id,
    revision,
    grantsRevision,
    ...(request.revision === revision ? {} : { configuration }),
    ...(applied && { applied }),
    ...news,
  };
}

/** A round that tells nothing may wait until there is something to tell. */
export function tellsNothing(response: SyncResponse, request: SyncRequest): boolean {
  const { configuration, fullSync, more, events, selections = [] } = response;
  const nothing = events.length + selections.length === 0;
  return !configuration && !fullSync && !more && nothing && !tellsApplied(response, request);
}

/** At the top every event moves it, also those that the child may not see; a child hears of it with the next answer. */
function tellsApplied({ applied, grantsRevision }: SyncResponse, request: SyncRequest): boolean {
  const fromNode = applied !== undefined && applied.grants.length > 0;
  if (!request.hearsApplied || !fromNode) return false;
  const known = request.status.applied;
  const grants = [...applied.grants, grantsRevision];
  return (
    known?.feedId !== applied.feedId || known.cursor !== applied.cursor || !sameList(known.grants, grants)
  );
}

function sameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

/** The next page of the full sync that the child is in; undefined when it is in none, or in one that must begin again. */
async function fullSyncPage(
  { children, content, answerBounds }: RoundDependencies,
  name: string,
  wanted: Wanted,
  grantsRevision: string,
  request: SyncRequest,
): Promise<News | undefined> {
  const position = request.fullSyncAfter === undefined ? undefined : parsePosition(request.fullSyncAfter);
  if (!position) return undefined;
  if (position.feedId !== content.feed.id || position.grantsRevision !== grantsRevision) return undefined;
  if (!position.last) await children.fullSyncStarted(name, position.trigger);
  const page = await readFullSyncPage(content, wanted, position, answerBounds?.listingEntriesMax);
  const overruled = page.next === undefined ? await unheard(content.feed, name, wanted, request) : [];
  const fullSync = { ...page, ...(overruled.length > 0 && { overruled }) };
  const { cursor, cursorMark } = position;
  return { events: [], cursor, cursorMark, more: false, fullSync };
}

/** What the events after the child's cursor would have told it of its own changes. One to which nobody pushes makes none. */
async function unheard(
  feed: Content['feed'],
  name: string,
  wanted: Wanted,
  { cursor, cursorMark, feedId }: SyncRequest,
): Promise<Overruled[]> {
  if (wanted.mode === 'ReadOnly' || cursor === undefined || feedId !== feed.id) return [];
  return (await isOfAnotherPast(feed, cursor, cursorMark)) ? [] : overruledBy(name, feed, wanted, cursor);
}

async function eventsOrFullSync(
  { children, content, clock, answerBounds }: RoundDependencies,
  name: string,
  wanted: Wanted,
  grantsRevision: string,
  ttlMs: number,
  request: SyncRequest,
): Promise<News> {
  const { feed } = content;
  const announce = async (trigger: SyncTrigger): Promise<News> => {
    const cursor = feed.head();
    const cursorMark = await feed.mark(cursor);
    const next = formatPosition({ trigger, feedId: feed.id, cursor, cursorMark, grantsRevision });
    const fullSync: FullSyncPage = { trigger, entries: [], next };
    return { events: [], cursor, cursorMark, more: false, fullSync };
  };
  const { cursor } = request;
  if (cursor === undefined) return announce('InitialSync');
  const lost = request.feedId !== feed.id || cursor < feed.trimmedTo();
  if (lost || (await isOfAnotherPast(feed, cursor, request.cursorMark))) return announce('RecoveryService');
  if (request.grantsRevision !== grantsRevision) return announce('SyncTokenUpdate');
  const pending = await children.pendingFullSync(name);
  if (pending) return announce(pending);

  const { events, scanned } = await feed.read({
    after: cursor,
    limit: answerBounds?.eventsMax ?? eventsMax,
    accept: (event) => wanted.grants.repository(event.repository, 'content/read'),
  });
  const oldest = events[0]?.at.getTime() ?? Infinity;
  if (oldest < clock.now().getTime() - ttlMs) return announce('RecoveryService');
  const told = await tellEvents(content, wanted, name, events);
  return {
    ...told,
    cursor: scanned,
    cursorMark: await feed.mark(scanned),
    more: scanned < feed.head(),
  };
}

/** The registry was restored from a copy since: the number is beyond its head, or stands for another event by now. */
async function isOfAnotherPast(
  feed: Content['feed'],
  cursor: number,
  cursorMark: string | undefined,
): Promise<boolean> {
  if (cursor > feed.head()) return true;
  const mark = cursorMark && (await feed.mark(cursor));
  return mark !== undefined && mark !== cursorMark;
}

/** Names what is told, so that a cursor can be bound to it: whoever is told more by now needs what came before. */
export function grantsRevisionOf(grants: Grants, filter: SyncFilter | undefined): string {
  const { names, prefixes } = grants.granted('content/read');
  const sorted = [...names, ...prefixes.map((prefix) => `${prefix}*`)].sort();
  return createHash('sha256')
    .update(JSON.stringify(filter === undefined ? sorted : [sorted, filter]))
    .digest('hex')
    .slice(0, 32);
}
