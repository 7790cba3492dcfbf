// Damaged blobs that scrub put aside: a person has had time to look at them.
import type { Amount, Collection } from './collect.ts';
import { pause } from './pause.ts';
import { tally } from './tally.ts';

export async function collectQuarantined(collection: Collection): Promise<Amount> {
  const { abandonedBefore, blobs, dryRun } = collection;
  const { amount, add } = tally(collection, 'quarantined');
  for (const { digest, bytes, movedAt } of await blobs.listQuarantined()) {
    if (movedAt >= abandonedBefore) continue;
    await pause(collection);
    if (!dryRun) await blobs.deleteQuarantined(digest);
    add(digest, bytes);
  }
  return amount;
}
