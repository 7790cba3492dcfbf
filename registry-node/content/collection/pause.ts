// Between two steps of a collection the event loop serves everybody who waits: statements are short and synchronous, and
// many of them in a row would be one long one.
import { setImmediate } from 'node:timers/promises';
import type { Collection } from './collect.ts';

/** @throws the reason of the collection's signal */
export async function pause({ signal }: Pick<Collection, 'signal'>): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}
