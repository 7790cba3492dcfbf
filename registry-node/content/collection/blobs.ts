// Blobs that no repository shows: first the row goes, then the file, in the digest's turn.
import type { Digest } from '../../oci/digest.ts';
import type { Amount, Collection } from './collect.ts';
import { pause } from './pause.ts';
import { tally } from './tally.ts';

/** Rows looked at by one statement; most have links and are passed over. */
const rowsPerStep = 250;

export async function collectBlobs(collection: Collection): Promise<Amount> {
  const { amount, add } = tally(collection, 'blob');
  let last: Digest | undefined;
  do {
    await pause(collection);
    const page = await readPage(collection, last);
    for (const { digest, size, linked } of page) {
      if (linked || !(collection.dryRun || (await removeBlob(collection, digest)))) continue;
      add(digest, size);
    }
    last = page.length < rowsPerStep ? undefined : page.at(-1)?.digest;
  } while (last !== undefined);
  return amount;
}

/** `linked`: some repository shows the blob, and will when the links that have run out are gone. */
async function readPage({ database, now }: Collection, last: Digest | undefined) {
  const rows = await database
    .selectFrom('blobs')
    .$if(last !== undefined, (query) => query.where('digest', '>', last!))
    .orderBy('digest')
    .limit(rowsPerStep)
    .select((select) => [
      'digest',
      'size',
      'damaged_at',
      select
        .exists(
          select
            .selectFrom('repository_blobs')
            .whereRef('repository_blobs.digest', '=', 'blobs.digest')
            .where((where) => where.or([where('kept_until', 'is', null), where('kept_until', '>=', now)]))
            .select('repository'),
        )
        .as('linked'),
    ])
    .execute();
  // A damaged blob's bytes lie in quarantine and are counted there.
  return rows.map(({ digest, size, damaged_at: damaged, linked }) => ({
    digest,
    size: damaged === null ? size : 0,
    linked: Boolean(linked),
  }));
}

/** @returns false when the blob was linked meanwhile */
function removeBlob({ blobs, commit, turns }: Collection, digest: Digest): Promise<boolean> {
  return turns(digest, async () => {
    const removed = await commit(async ({ tables }) => {
      const result = await tables
        .deleteFrom('blobs')
        .where('digest', '=', digest)
        .where((where) =>
          where.not(
            where.exists(
              where.selectFrom('repository_blobs').where('digest', '=', digest).select('repository'),
            ),
          ),
        )
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    });
    if (removed) await blobs.delete(digest);
    return removed;
  });
}
