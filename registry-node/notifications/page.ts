// A page of a registry's feed that ends where a change ends: what is cut off would look like another change.
import type { Feed, FeedEvent } from '../content/feed.ts';
import { changesIn } from './event.ts';

export interface ChangesPage {
  changes: FeedEvent[][];
  /** Up to where the feed was read for it. */
  readTo: number;
}

const pageRows = 500;

export async function readChanges(feed: Feed, after: number): Promise<ChangesPage> {
  const head = feed.head();
  const { events: rows, scanned } = await feed.read({ after, limit: pageRows });
  // What was trimmed is not waited for.
  if (rows.length === 0) return { changes: [], readTo: head };
  const changes = changesIn(rows);
  if (rows.length < pageRows || changes.length === 1) return { changes, readTo: scanned };
  const whole = changes.slice(0, -1);
  return { changes: whole, readTo: whole.at(-1)!.at(-1)!.seq };
}
