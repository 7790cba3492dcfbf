// A push whose answer was lost, with the link or with the process that waited for it. A change that is made twice does harm when
// others changed the same thing in between: theirs came last, and would be undone. What the parent has after this node's cursor
// tells whether it was made.
import type { FeedEvent } from '../content/feed.ts';
import type { SyncContext } from './context.ts';
import { isLocal, isSame, lastOwnWords } from './pending.ts';
import { roundRequest } from './request.ts';

const rowsPerRead = 100;

/**
 * The first change that has not been seen to go up, when the parent has it all the same. Changes go up one after the other, so
 * that no later one can have been tried. @throws RemoteError
 */
export async function findArrived(context: SyncContext, signal: AbortSignal): Promise<FeedEvent | undefined> {
  const { gateway, name, pending, state } = context;
  const first = await firstWaiting(context);
  // Storing a manifest twice changes nothing.
  if (!first || first.action === 'push') return undefined;
  if (pending.isTold(first)) return first;
  if (!state.value.pull) return undefined;
  const { events, more } = await gateway.sync(await roundRequest(context, { waitSeconds: 0 }), signal);
  // Of what is still to be told, the last word may be another.
  const words = more ? [] : lastOwnWords(events, name);
  return words.some((told) => told.repository === first.repository && isSame(first, told))
    ? first
    : undefined;
}

async function firstWaiting({ content, state }: SyncContext): Promise<FeedEvent | undefined> {
  for (let passed = state.value.push.cursor; ;) {
    const page = await content.feed.read({ after: passed, limit: rowsPerRead, accept: isLocal });
    if (page.events[0]) return page.events[0];
    passed = page.scanned;
    if (passed >= content.feed.head()) return undefined;
  }
}
