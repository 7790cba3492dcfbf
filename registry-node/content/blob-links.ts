// Links: which repository may show which blob, and until when a link is kept that no manifest of the repository needs. The
// rules that make garbage collection safe are these few statements; collection/collect.ts has the reasoning.
import { CompiledQuery, type RawBuilder, sql } from 'kysely';
import { durationMs } from '../duration.ts';
import type { Digest } from '../oci/digest.ts';
import type { Manifest } from '../oci/manifest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { ContentTransaction } from './commit.ts';
import type { YieldingChange } from './content.ts';

/** How long a registry waits for what was begun: an upload's next piece, a manifest for the blobs that are there. */
export const unfinishedKeptMs = durationMs('P14D');
/** How long a blob outlives its last manifest. */
export const deletedKeptMs = durationMs('PT1H');
/** A promise to keep a blob is renewed in the database at most once in so long, so that HEAD stays a read. */
export const renewalMs = durationMs('P1D');

// Two statements of every push, written out: Kysely takes longer to build them than SQLite to do what they say.
const record = `INSERT INTO blobs (digest, size, created_at, damaged_at) VALUES (?, ?, ?, NULL)
  ON CONFLICT (digest) DO UPDATE SET size = excluded.size, damaged_at = NULL`;
/** See `keptUnlessNeeded`. */
const link = `INSERT INTO repository_blobs (repository, digest, kept_until)
  VALUES (?, ?, CASE WHEN EXISTS (SELECT 1 FROM manifest_blobs WHERE repository = ? AND blob = ?) THEN NULL ELSE ? END)
  ON CONFLICT (repository, digest) DO UPDATE SET kept_until = excluded.kept_until`;

/** Rows written by one statement: SQLite takes 32,766 parameters. */
const rowsPerInsert = 5000;

/** Makes the blob known, or well again. To be called once the store has it durably, in the turn of its digest. */
export async function recordBlob(
  transaction: ContentTransaction,
  repository: RepositoryName,
  digest: Digest,
  size: number,
): Promise<void> {
  await transaction.tables.executeQuery(CompiledQuery.raw(record, [digest, size, transaction.now]));
  await linkStored(transaction, repository, digest);
}

/** Shows the blob in the repository, and keeps it for the manifest to come. False when it is not stored, or damaged. */
export async function linkBlob(
  transaction: ContentTransaction,
  repository: RepositoryName,
  digest: Digest,
): Promise<boolean> {
  const stored = await transaction.tables
    .selectFrom('blobs')
    .where('digest', '=', digest)
    .where('damaged_at', 'is', null)
    .select('digest')
    .executeTakeFirst();
  if (!stored) return false;
  await linkStored(transaction, repository, digest);
  return true;
}

async function linkStored(
  { tables, now }: ContentTransaction,
  repository: RepositoryName,
  digest: Digest,
): Promise<void> {
  const values = [repository, digest, repository, digest, now + unfinishedKeptMs];
  await tables.executeQuery(CompiledQuery.raw(link, values));
}

/** The manifest needs these from now on: their links are kept for as long as it is stored. */
export async function needBlobs(
  { tables }: ContentTransaction,
  repository: RepositoryName,
  manifest: Digest,
  { kept }: Manifest,
): Promise<void> {
  for (let start = 0; start < kept.length; start += rowsPerInsert) {
    const blobs = kept.slice(start, start + rowsPerInsert);
    await tables
      .insertInto('manifest_blobs')
      .values(blobs.map((blob) => ({ repository, blob, manifest })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await tables
      .updateTable('repository_blobs')
      .set({ kept_until: null })
      .where('repository', '=', repository)
      .where('digest', 'in', blobs)
      .execute();
  }
}

/** The manifest goes: what no other manifest of the repository needs is kept for a while longer. */
export async function releaseBlobs(
  { tables, now }: ContentTransaction,
  repository: RepositoryName,
  manifest: Digest,
): Promise<void> {
  const released = await tables
    .deleteFrom('manifest_blobs')
    .where('repository', '=', repository)
    .where('manifest', '=', manifest)
    .returning('blob')
    .execute();
  for (let start = 0; start < released.length; start += rowsPerInsert) {
    const blobs = released.slice(start, start + rowsPerInsert).map((row) => row.blob);
    await tables
      .updateTable('repository_blobs')
      .set({ kept_until: keptUnlessNeeded(repository, sql.ref('digest'), now + deletedKeptMs) })
      .where('repository', '=', repository)
      .where('digest', 'in', blobs)
      .execute();
  }
}

/** The repository goes, and with it what it shows; not what a client has just pushed, when the change gives way to clients. */
export async function unlinkAll(
  { tables, now }: ContentTransaction,
  repository: RepositoryName,
  { unlessChangedAfter }: YieldingChange,
): Promise<void> {
  let links = tables.deleteFrom('repository_blobs').where('repository', '=', repository);
  // Of the manifests that went with the repository nothing is kept for longer; of a push whose manifest is to come, everything.
  if (unlessChangedAfter !== undefined) links = links.where('kept_until', '<=', now + deletedKeptMs);
  await links.execute();
}

/** Whoever is told that the blob is there may count on it. False when it was collected meanwhile. */
export async function renewLink(
  { tables, now }: ContentTransaction,
  repository: RepositoryName,
  digest: Digest,
): Promise<boolean> {
  const result = await tables
    .updateTable('repository_blobs')
    .set({ kept_until: keptUnlessNeeded(repository, digest, now + unfinishedKeptMs) })
    .where('repository', '=', repository)
    .where('digest', '=', digest)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Null when a manifest of the repository names the blob, else `until`. */
function keptUnlessNeeded(
  repository: RepositoryName,
  blob: Digest | RawBuilder<unknown>,
  until: number,
): RawBuilder<number | null> {
  const named = sql`SELECT 1 FROM manifest_blobs WHERE repository = ${repository} AND blob = ${blob}`;
  return sql<number | null>`CASE WHEN EXISTS (${named}) THEN NULL ELSE ${until} END`;
}
