// A node that follows its parent gives way to its own clients. What they did is looked up in the transaction of the change that
// would undo it: between asking and changing there is then no moment in which a client's change is neither seen nor safe.
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import type { ContentTransaction } from './commit.ts';
import type { YieldingChange } from './content.ts';
import { formatOrigin } from './feed-log.ts';
import type { Tables } from './schema.ts';

/** Absent: whatever is in the repository. */
interface Target {
  tag?: Tag;
  digest?: Digest;
}

/** Also of changes that are committed and not yet on the disk, which the feed does not tell of before they are. */
export async function mustGiveWay(
  { tables }: ContentTransaction,
  { unlessChangedAfter }: YieldingChange,
  repository: RepositoryName,
  { tag, digest }: Target = {},
): Promise<boolean> {
  if (unlessChangedAfter === undefined) return false;
  let changes = changesHere(tables, repository, unlessChangedAfter);
  if (tag !== undefined) changes = changes.where('tag', '=', tag);
  // Whoever takes a tag away has no need of the manifest. Whoever pushed an index has need of what it lists.
  if (digest !== undefined) {
    changes = changes.where('digest', 'in', listing(repository, digest)).where('action', '<>', 'untag');
  }
  return (await changes.select('seq').limit(1).executeTakeFirst()) !== undefined;
}

/** Whether the manifest was deleted after the row that the change names, and not pushed again. */
export async function isDeletedSince(
  { tables }: ContentTransaction,
  { unlessChangedAfter }: YieldingChange,
  repository: RepositoryName,
  digest: Digest,
): Promise<boolean> {
  if (unlessChangedAfter === undefined) return false;
  const last = await changesHere(tables, repository, unlessChangedAfter)
    .where('digest', '=', digest)
    .where('action', 'in', ['push', 'delete'])
    .orderBy('seq', 'desc')
    .select('action')
    .limit(1)
    .executeTakeFirst();
  return last?.action === 'delete';
}

/** What clients, and registries below, changed after the row. */
function changesHere(tables: ContentTransaction['tables'], repository: RepositoryName, after: number) {
  return tables
    .selectFrom('feed')
    .where('seq', '>', after)
    .where('repository', '=', repository)
    .where('origin', '<>', formatOrigin('parent'));
}

/** The manifest, and the indexes of the repository that list it or one another. */
function listing(repository: RepositoryName, digest: Digest): RawBuilder<Digest> {
  return sql<Digest>`(WITH RECURSIVE listing (digest) AS (
    SELECT ${digest} UNION SELECT manifest FROM manifest_blobs JOIN listing ON blob = listing.digest
    WHERE repository = ${repository}) SELECT digest FROM listing)`;
}

/** Indexes of the repository that list the manifest, themselves or by way of others. */
export async function indexesListing(
  database: Kysely<Tables>,
  repository: RepositoryName,
  digest: Digest,
): Promise<Digest[]> {
  const found = await sql<{ digest: Digest }>`SELECT digest FROM ${listing(repository, digest)}`.execute(
    database,
  );
  return found.rows.map((row) => row.digest).filter((each) => each !== digest);
}
