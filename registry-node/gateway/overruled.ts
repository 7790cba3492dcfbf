// Tags that a child moved after others had, without having heard of that. Events tell it by their order; a full sync, which takes the
// place of events, shows only the move that came last, and so the parent says what it hides.
import type { Feed, FeedEvent } from '../content/feed.ts';
import { eventsAfter } from '../content/feed-events.ts';
import { lastWords } from './last-words.ts';
import type { FullSyncPage } from './protocol.ts';
import { isBy, toWire, type Wanted } from './wanted.ts';

export type Overruled = NonNullable<FullSyncPage['overruled']>[number];

/** More than a status tells say nothing new. */
const overruledMax = 50;
/** Only the end of a long feed is looked at. */
const rowsMax = 100_000;

/** @param after the last event that the child has applied @param child its name */
export async function overruledBy(
  child: string,
  feed: Pick<Feed, 'head' | 'read'>,
  { grants }: Wanted,
  after: number,
): Promise<Overruled[]> {
  const start = Math.max(after, feed.head() - rowsMax);
  const moved = new Set<string>();
  const repositories = new Set<string>();
  const isOwnMove = (event: FeedEvent): boolean =>
    event.tag !== undefined && isBy(event, child) && grants.repository(event.repository, 'content/read');
  for await (const event of eventsAfter(feed, start, isOwnMove)) {
    moved.add(nameOf(event));
    repositories.add(event.repository);
  }
  if (moved.size === 0) return [];
  const concerns = (event: FeedEvent): boolean =>
    moved.has(nameOf(event)) || (event.action === 'delete' && repositories.has(event.repository));
  const events = await Array.fromAsync(eventsAfter(feed, start, concerns), toWire);
  return lastWords(events, child)
    .tags.flatMap(({ repository, tag, digest: ours, overruled: theirs }) =>
      theirs === undefined ? [] : [{ repository, tag, theirs, ...(ours && { ours }) }],
    )
    .slice(-overruledMax);
}

const nameOf = ({ repository, tag }: FeedEvent): string => `${repository} ${tag}`;
