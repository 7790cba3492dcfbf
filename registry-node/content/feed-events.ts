// Walking through a feed, a page of rows at a time.
import type { Feed, FeedEvent, FeedQuery } from './feed.ts';

const rowsPerRead = 1000;

/** What comes after row `after` and is accepted, oldest first, to the end that the feed has when this is asked. */
export async function* eventsAfter(
  feed: Pick<Feed, 'head' | 'read'>,
  after: number,
  accept?: FeedQuery['accept'],
): AsyncGenerator<FeedEvent> {
  const end = feed.head();
  for (let passed = after; passed < end;) {
    const page = await feed.read({ after: passed, limit: rowsPerRead, ...(accept && { accept }) });
    yield* page.events;
    passed = page.scanned;
  }
}
