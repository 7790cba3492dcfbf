// The manifests' half of a scrub: their bytes are in the database.
import { type Digest, digestAlgorithm, digestOf, parseDigest } from '../../oci/digest.ts';
import { parseRepositoryName } from '../../oci/name.ts';
import type { Scrub } from './scrub.ts';

export async function scrubManifests(scrub: Scrub): Promise<void> {
  for (;;) {
    const row = await readNext(scrub);
    if (!row) return;
    const { repository, digest, bytes } = row;
    await scrub.pace(bytes.length);
    if (examine(digest, bytes) !== undefined) await judge(scrub, row);
    const { progress } = scrub.pass;
    await scrub.pass.advance({
      lastManifest: { repository, digest },
      manifests: progress.manifests + 1,
      bytes: progress.bytes + bytes.length,
    });
  }
}

type Row = NonNullable<Awaited<ReturnType<typeof readNext>>>;

/** One at a time: a manifest may have 4 MiB. */
function readNext({ database, pass }: Scrub) {
  const { lastManifest: last } = pass.progress;
  return database
    .selectFrom('manifests')
    .where('damaged_at', 'is', null)
    .$if(last !== undefined, (query) =>
      query.where((where) =>
        where(
          where.refTuple('repository', 'digest'),
          '>',
          where.tuple(parseRepositoryName(last!.repository), parseDigest(last!.digest)),
        ),
      ),
    )
    .orderBy('repository')
    .orderBy('digest')
    .limit(1)
    .select(['repository', 'digest', 'bytes'])
    .executeTakeFirst();
}

/** @returns what is wrong with the bytes, or undefined */
function examine(digest: Digest, bytes: Uint8Array): string | undefined {
  const found = digestOf(bytes, digestAlgorithm(digest));
  return found === digest ? undefined : `the bytes have the digest ${found}`;
}

/** Read once more in the transaction that marks it: a client may have deleted it, or pushed it anew. */
async function judge(scrub: Scrub, { repository, digest }: Row): Promise<void> {
  const { cache, commit } = scrub;
  const reason = await commit(async ({ tables, now }) => {
    const row = await tables
      .selectFrom('manifests')
      .where('repository', '=', repository)
      .where('digest', '=', digest)
      .select('bytes')
      .executeTakeFirst();
    const wrong = row && examine(digest, row.bytes);
    if (wrong === undefined) return undefined;
    await tables
      .updateTable('manifests')
      .set({ damaged_at: now })
      .where('repository', '=', repository)
      .where('digest', '=', digest)
      .execute();
    return wrong;
  });
  if (reason === undefined) return;
  cache.forget([{ repository, digest }]);
  scrub.found({ repository, digest, reason });
}
