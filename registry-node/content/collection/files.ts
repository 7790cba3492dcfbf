// Files of blobs that have no row: a crash came between the two. Nobody can ask for them.
import type { Digest } from '../../oci/digest.ts';
import type { Amount, Collection } from './collect.ts';
import { pause } from './pause.ts';
import { tally } from './tally.ts';

/** Digests that one statement asks about. */
const digestsPerStep = 500;

export async function collectFiles(collection: Collection): Promise<Amount> {
  const { amount, add } = tally(collection, 'file');
  for await (const listed of collection.blobs.list()) {
    for (let start = 0; start < listed.length; start += digestsPerStep) {
      await pause(collection);
      for (const digest of await withoutRow(collection, listed.slice(start, start + digestsPerStep))) {
        const bytes = await removeFile(collection, digest);
        if (bytes !== undefined) add(digest, bytes);
      }
    }
  }
  return amount;
}

async function withoutRow(
  { database }: Pick<Collection, 'database'>,
  digests: readonly Digest[],
): Promise<Digest[]> {
  const rows = await database.selectFrom('blobs').where('digest', 'in', digests).select('digest').execute();
  const known = new Set(rows.map((row) => row.digest));
  return digests.filter((digest) => !known.has(digest));
}

/** Looked at once more in the digest's turn: a push may have been between its file and its row. @returns its size */
function removeFile(collection: Collection, digest: Digest): Promise<number | undefined> {
  const { blobs, dryRun, turns } = collection;
  return turns(digest, async () => {
    const [stray] = await withoutRow(collection, [digest]);
    if (stray === undefined) return undefined;
    const bytes = await blobs.size(stray);
    if (!dryRun) await blobs.delete(stray);
    return bytes;
  });
}
