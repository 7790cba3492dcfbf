// Rows of manifests and tags: each step of a change with the feed rows that tell of it. The rules are in
// manifest-changes.ts; here is what keeps tables and feed in step.
import type { Digest } from '../oci/digest.ts';
import type { Manifest } from '../oci/manifest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import { needBlobs, releaseBlobs } from './blob-links.ts';
import type { ContentTransaction } from './commit.ts';
import type { Change, ManifestPut } from './content.ts';

/** A manifest as the feed tells of it. */
export interface Stored {
  repository: RepositoryName;
  digest: Digest;
  mediaType: string;
  size: number;
}

/** @returns the manifest also when its bytes are damaged: it is still there to be tagged and deleted */
export async function findStored(
  { tables }: ContentTransaction,
  repository: RepositoryName,
  digest: Digest,
): Promise<Stored | undefined> {
  const row = await tables
    .selectFrom('manifests')
    .where('repository', '=', repository)
    .where('digest', '=', digest)
    .select(['media_type', 'size'])
    .executeTakeFirst();
  return row && { repository, digest, mediaType: row.media_type, size: row.size };
}

/** All of a repository, in byte order of their digests. */
export async function findAllStored(
  { tables }: ContentTransaction,
  repository: RepositoryName,
): Promise<Stored[]> {
  const rows = await tables
    .selectFrom('manifests')
    .where('repository', '=', repository)
    .orderBy('digest')
    .select(['digest', 'media_type', 'size'])
    .execute();
  return rows.map((row) => ({ repository, digest: row.digest, mediaType: row.media_type, size: row.size }));
}

export async function storeManifest(
  transaction: ContentTransaction,
  { repository, bytes }: ManifestPut,
  digest: Digest,
  manifest: Manifest,
  change: Change,
): Promise<void> {
  const { tables, now } = transaction;
  const { mediaType } = manifest;
  const stored = await findStored(transaction, repository, digest);
  // The same bytes under another media type are another answer to a GET.
  if (stored?.mediaType === mediaType && !(await isDamaged(transaction, stored))) return;
  const values = {
    bytes,
    damaged_at: null,
    media_type: mediaType,
    artifact_type: manifest.artifactType ?? null,
    annotations: manifest.annotations ? JSON.stringify(manifest.annotations) : null,
    subject: manifest.subject?.digest ?? null,
  };
  await tables
    .insertInto('repositories')
    .values({ name: repository, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tables
    .insertInto('manifests')
    .values({ repository, digest, size: bytes.length, created_at: now, ...values })
    .onConflict((conflict) => conflict.columns(['repository', 'digest']).doUpdateSet(values))
    .execute();
  await needBlobs(transaction, repository, digest, manifest);
  await transaction.tell({ repository, digest, action: 'push', mediaType, size: bytes.length }, change);
}

async function isDamaged(
  { tables }: ContentTransaction,
  { repository, digest }: Pick<Stored, 'repository' | 'digest'>,
): Promise<boolean> {
  const row = await tables
    .selectFrom('manifests')
    .where('repository', '=', repository)
    .where('digest', '=', digest)
    .where('damaged_at', 'is not', null)
    .select('digest')
    .executeTakeFirst();
  return row !== undefined;
}

export async function pointTag(
  transaction: ContentTransaction,
  stored: Stored,
  tag: Tag,
  change: Change,
): Promise<void> {
  const { tables, now } = transaction;
  const updated = change.tagMovedAt?.getTime() ?? now;
  const { repository, digest } = stored;
  const row = await tables
    .selectFrom('tags')
    .where('repository', '=', repository)
    .where('name', '=', tag)
    .select('digest')
    .executeTakeFirst();
  if (row?.digest === digest) return;
  await tables
    .insertInto('tags')
    .values({ repository, name: tag, digest, created_at: now, updated_at: updated })
    .onConflict((conflict) =>
      conflict.columns(['repository', 'name']).doUpdateSet({ digest, updated_at: updated }),
    )
    .execute();
  await transaction.tell({ ...stored, action: 'tag', tag }, change);
}

export async function removeManifest(
  transaction: ContentTransaction,
  stored: Stored,
  change: Change,
): Promise<void> {
  const { tables } = transaction;
  const { repository, digest } = stored;
  const tags = await tables
    .deleteFrom('tags')
    .where('repository', '=', repository)
    .where('digest', '=', digest)
    .returning('name')
    .execute();
  await tables
    .deleteFrom('manifests')
    .where('repository', '=', repository)
    .where('digest', '=', digest)
    .execute();
  await releaseBlobs(transaction, repository, digest);
  const names = tags.map((row) => row.name).sort();
  for (const tag of names) await transaction.tell({ ...stored, action: 'untag', tag }, change);
  await transaction.tell({ ...stored, action: 'delete' }, change);
}

/**
 * Takes the manifests of a repository, all tags before the first manifest: whoever reads the feed in parts, and stops between, has
 * no tag on an index whose parts are gone.
 */
export async function removeAll(
  transaction: ContentTransaction,
  repository: RepositoryName,
  all: readonly Stored[],
  change: Change,
): Promise<void> {
  const byDigest = new Map(all.map((stored) => [stored.digest, stored]));
  const tags = await transaction.tables
    .deleteFrom('tags')
    .where('repository', '=', repository)
    .returning(['name', 'digest'])
    .execute();
  for (const { name, digest } of tags.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    await transaction.tell({ ...byDigest.get(digest)!, action: 'untag', tag: name }, change);
  }
  for (const stored of all) await removeManifest(transaction, stored, change);
}

/** A repository is there as long as it holds a manifest. */
export async function dropWhenEmpty(
  { tables }: ContentTransaction,
  repository: RepositoryName,
): Promise<void> {
  await tables
    .deleteFrom('repositories')
    .where('name', '=', repository)
    .where((where) =>
      where.not(
        where.exists(
          where.selectFrom('manifests').where('manifests.repository', '=', repository).select('digest'),
        ),
      ),
    )
    .execute();
}
