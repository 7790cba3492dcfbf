// A push whose answer was lost, with the link or with the process that waited for it. A change that is made twice does harm when
// others changed the same thing in between: theirs came last, and would be undone. What the parent has after this node's cursor
// tells whether it was made.
import type { FeedEvent } from '../content/feed.ts';
import { eventsAfter } from '../content/feed-events.ts';
import type { SyncResponse, WireEvent } from '../gateway/protocol.ts';
import type { SyncContext } from './context.ts';
import { isLocal, isSame, lastOwnWords, wordName } from './echo.ts';
import { roundRequest } from './request.ts';

/** In the parent's feed. */
type Position = Pick<SyncResponse, 'cursor' | 'cursorMark'>;

/**
 * Changes that have not been seen to go up, when the parent has them all the same. Changes go up one after the other, those of a
 * repository that was held back by themselves, so that only the first of each can have been tried. @throws RemoteError
 */
export async function findArrived(context: SyncContext, signal: AbortSignal): Promise<FeedEvent[]> {
  const { pending, state } = context;
  // Storing a manifest twice changes nothing.
  const tried = (await firstsWaiting(context)).filter(({ action }) => action !== 'push');
  const doubtful = tried.filter(({ seq }) => !pending.arrived().has(seq));
  const { pull } = state.value;
  const words = pull && doubtful.length > 0 ? await readOwnWords(context, pull, signal) : [];
  return tried.filter(
    (row) =>
      !doubtful.includes(row) ||
      words.some((told) => told.repository === row.repository && isSame(row, told)),
  );
}

/**
 * Of these words, which stand before `position` in the parent's feed, those after which none about the node's own changes of the
 * same tag or manifest follows, by `namesOf` of those. Of the node's own words only they may be about a change that is not known to have
 * gone up. @throws RemoteError
 */
export async function lastOnes(
  context: SyncContext,
  words: readonly WireEvent[],
  position: Position,
  signal: AbortSignal,
  namesOf: (own: WireEvent) => string[] = (own) => [wordName(own)],
): Promise<WireEvent[]> {
  if (words.length === 0) return [];
  const later = new Set((await readOwnWords(context, position, signal)).flatMap(namesOf));
  return words.filter((word) => !later.has(wordName(word)));
}

/** The last words about the node's own changes from `after` to the end of the parent's feed. Nothing of it is applied. */
async function readOwnWords(
  context: SyncContext,
  after: Position,
  signal: AbortSignal,
): Promise<readonly WireEvent[]> {
  const request = await roundRequest(context, { waitSeconds: 0 });
  let words: WireEvent[] = [];
  for (let { cursor, cursorMark } = after; ;) {
    const answer = await context.gateway.sync({ ...request, cursor, cursorMark }, signal);
    words = lastOwnWords([...words, ...answer.events], context.name);
    if (!answer.more || answer.cursor <= cursor) return words;
    ({ cursor, cursorMark } = answer);
  }
}

/** The first row that waits, and the first of each repository that is held back. */
async function firstsWaiting(context: SyncContext): Promise<FeedEvent[]> {
  const { cursor, held } = context.state.value.push;
  const firsts = [await firstAfter(context, cursor, ({ repository }) => !(repository in held))];
  for (const [name, seq] of Object.entries(held)) {
    const isHeld = (event: FeedEvent): boolean => event.repository === name && event.seq <= cursor;
    firsts.push(await firstAfter(context, seq - 1, isHeld));
  }
  return firsts.filter((event) => event !== undefined);
}

async function firstAfter(
  { content: { feed } }: SyncContext,
  after: number,
  isWanted: (event: FeedEvent) => boolean,
): Promise<FeedEvent | undefined> {
  const accept = (event: FeedEvent): boolean => isLocal(event) && isWanted(event);
  for await (const event of eventsAfter(feed, after, accept)) return event;
  return undefined;
}
