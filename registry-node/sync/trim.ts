// Keeps the local feed from growing for ever. A row is needed by children until the longest message TTL has passed, and by this node
// until it has gone up; called when nothing waits to go up, so that no pending change is ever forgotten.
import { durationMs } from '../duration.ts';
import type { SyncContext } from './context.ts';

/** The longest message TTL that the control plane accepts. */
const keptMs = durationMs('P90D');
const intervalMs = durationMs('P1D');

/** @returns the call that trims, at most once a day */
export function createTrim({ clock, content, logger, state }: SyncContext): () => Promise<void> {
  let trimmedAt = -Infinity;
  return async () => {
    const now = clock.now().getTime();
    const waits = Object.keys(state.value.push.held).length > 0;
    if (waits || now - trimmedAt < intervalMs) return;
    trimmedAt = now;
    const rows = await content.feed.trim(new Date(now - keptMs));
    if (rows > 0) logger.info({ rows }, 'forgot old rows of the change feed');
  };
}
