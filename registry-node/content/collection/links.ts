// Links that have run out: the blob leaves the repository.
import { sql } from 'kysely';
import type { Collection } from './collect.ts';
import { pause } from './pause.ts';

/** Removed in one transaction, which holds up everybody for about 2 ms. */
const linksPerStep = 250;

/** @returns how many */
export async function collectLinks(collection: Collection): Promise<number> {
  if (collection.dryRun) return countLinks(collection);
  for (let total = 0; ;) {
    await pause(collection);
    const removed = await removeSome(collection);
    total += removed;
    if (removed < linksPerStep) return total;
  }
}

async function countLinks({ database, now }: Collection): Promise<number> {
  const row = await database
    .selectFrom('repository_blobs')
    .where('kept_until', '<', now)
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirst();
  return row?.count ?? 0;
}

function removeSome({ commit, now }: Collection): Promise<number> {
  const runOut = sql`SELECT repository, digest FROM repository_blobs WHERE kept_until < ${now} LIMIT ${linksPerStep}`;
  return commit(async ({ tables }) => {
    const remove = sql`DELETE FROM repository_blobs WHERE (repository, digest) IN (${runOut})`;
    return Number((await remove.execute(tables)).numAffectedRows);
  });
}
