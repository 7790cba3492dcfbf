// The blobs' half of a scrub. A file that does not have its digest is read once more in the digest's turn before it is
// judged: a push may just have replaced it, and a memory error is not the disk's.
import {
  createDigester,
  type Digest,
  digestAlgorithm,
  finishDigest,
  tryParseDigest,
} from '../../oci/digest.ts';
import { OciError } from '../../oci/errors.ts';
import type { Scrub } from './scrub.ts';

const digestsPerRead = 100;

export async function scrubBlobs(scrub: Scrub): Promise<void> {
  for (;;) {
    const digests = await readNext(scrub);
    for (const digest of digests) {
      let bytes = 0;
      const reason = await examine(scrub, digest, async (read) => {
        bytes += read;
        await scrub.pace(read);
      });
      if (reason !== undefined) await judge(scrub, digest);
      const { progress } = scrub.pass;
      await scrub.pass.advance({
        lastBlob: digest,
        blobs: progress.blobs + 1,
        bytes: progress.bytes + bytes,
      });
    }
    if (digests.length < digestsPerRead) return;
  }
}

async function readNext({ database, pass }: Scrub): Promise<Digest[]> {
  const { lastBlob } = pass.progress;
  const last = lastBlob === undefined ? undefined : tryParseDigest(lastBlob);
  const rows = await database
    .selectFrom('blobs')
    .where('damaged_at', 'is', null)
    .$if(last !== undefined, (query) => query.where('digest', '>', last!))
    .orderBy('digest')
    .limit(digestsPerRead)
    .select('digest')
    .execute();
  return rows.map((row) => row.digest);
}

/** @returns what is wrong with the blob's file, or undefined */
async function examine(
  { blobs }: Pick<Scrub, 'blobs'>,
  digest: Digest,
  onRead: (bytes: number) => Promise<void>,
): Promise<string | undefined> {
  const algorithm = digestAlgorithm(digest);
  const hash = createDigester(algorithm);
  try {
    for await (const piece of blobs.read(digest)) {
      hash.update(piece);
      await onRead(piece.length);
    }
  } catch (error) {
    if (error instanceof OciError && error.code === 'BLOB_UNKNOWN') return 'its file is missing';
    if (error instanceof Error && 'code' in error && error.code === 'EIO')
      return 'the disk cannot read its file';
    throw error;
  }
  const found = finishDigest(algorithm, hash);
  return found === digest ? undefined : `its file has the digest ${found}`;
}

/** The row first: what is marked is not served, whether or not its file has moved yet. */
export function judge(
  scrub: Pick<Scrub, 'blobs' | 'commit' | 'turns' | 'found'>,
  digest: Digest,
): Promise<void> {
  const { blobs, commit, turns } = scrub;
  return turns(digest, async () => {
    const reason = await examine(scrub, digest, async () => undefined);
    if (reason === undefined) return;
    const marked = await commit(async ({ tables, now }) => {
      const result = await tables
        .updateTable('blobs')
        .set({ damaged_at: now })
        .where('digest', '=', digest)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    });
    // Collected meanwhile: there is nothing that anybody could ask for.
    if (!marked) return;
    await blobs.quarantine(digest);
    scrub.found({ digest, reason });
  });
}
