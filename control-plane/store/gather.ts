// Writes that come together share one transaction, and the sync of the disk that it ends with.
import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * @param write writes all or nothing
 * @returns the call that adds one; it resolves when that is written
 */
export function gatherWrites<Item>(
  write: (items: readonly Item[]) => Promise<void>,
): (item: Item) => Promise<void> {
  let gathered: Item[] = [];
  let next: Promise<void> | undefined;
  let running: Promise<unknown> = Promise.resolve();
  const writeGathered = async (before: Promise<unknown>): Promise<void> => {
    await before;
    await nextTurn();
    const items = gathered;
    gathered = [];
    next = undefined;
    await write(items);
  };
  return (item) => {
    gathered.push(item);
    if (!next) {
      next = writeGathered(running);
      running = next.catch(() => undefined);
    }
    return next;
  };
}
