// The manifests' half of a scrub: their bytes are in the database.
import { digestAlgorithm, digestOf, parseDigest } from '../../oci/digest.ts';
import { parseRepositoryName } from '../../oci/name.ts';
import type { Scrub } from './scrub.ts';

export async function scrubManifests(scrub: Scrub): Promise<void> {
  for (;;) {
    const row = await readNext(scrub);
    if (!row) return;
    const { repository, digest, bytes } = row;
    await scrub.pace(bytes.length);
    const found = digestOf(bytes, digestAlgorithm(digest));
    if (found !== digest) await markDamaged(scrub, row, `the bytes have the digest ${found}`);
    await scrub.advance({
      lastManifest: { repository, digest },
      manifests: scrub.progress.manifests + 1,
      bytes: scrub.progress.bytes + bytes.length,
    });
  }
}

type Row = NonNullable<Awaited<ReturnType<typeof readNext>>>;

/** One at a time: a manifest may have 4 MiB. */
function readNext({ database, progress: { lastManifest: last } }: Scrub) {
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

async function markDamaged(scrub: Scrub, { repository, digest }: Row, reason: string): Promise<void> {
  const { cache, commit } = scrub;
  const tags = await commit(async ({ tables, now }) => {
    await tables
      .updateTable('manifests')
      .set({ damaged_at: now })
      .where('repository', '=', repository)
      .where('digest', '=', digest)
      .execute();
    return tables
      .selectFrom('tags')
      .where('repository', '=', repository)
      .where('digest', '=', digest)
      .select('name')
      .execute();
  });
  cache.forget([{ repository, digest }, ...tags.map(({ name }) => ({ repository, digest, tag: name }))]);
  scrub.found({ repository, digest, reason });
}
