// Storing and removing manifests and tags. The rules of the registry that the database itself cannot hold are here: a tag
// only ever points at a manifest that is stored, and an image only at blobs that its repository holds.
import { type Digest, digestAlgorithm, digestOf } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import { limits } from '../oci/limits.ts';
import { type Manifest, parseManifest } from '../oci/manifest.ts';
import type { RepositoryName } from '../oci/name.ts';
import { unlinkAll } from './blob-links.ts';
import { requireCondition } from './conditions.ts';
import type { Commit, ContentTransaction } from './commit.ts';
import type { Content, ManifestPut } from './content.ts';
import { isDeletedSince, mustGiveWay } from './giving-way.ts';
import {
  dropWhenEmpty,
  findAllStored,
  findStored,
  pointTag,
  removeAll,
  removeManifest,
  storeManifest,
} from './manifest-rows.ts';

type ManifestChanges = Pick<Content, 'putManifest' | 'deleteManifest' | 'tag' | 'untag' | 'deleteRepository'>;

export function manifestChanges(commit: Commit): ManifestChanges {
  return {
    putManifest: async (put, change) => {
      const { digest, manifest } = examine(put);
      await commit(async (transaction) => {
        if (await isDeletedSince(transaction, change, put.repository, digest)) return;
        await requireCondition(transaction, change, put.repository);
        await requireBlobs(transaction, put.repository, manifest);
        await storeManifest(transaction, put, digest, manifest, change);
        const stored = {
          repository: put.repository,
          digest,
          mediaType: manifest.mediaType,
          size: put.bytes.length,
        };
        for (const tag of put.tags ?? []) await pointTag(transaction, stored, tag, change);
      });
      return { digest, subject: manifest.subject?.digest };
    },
    deleteManifest: (repository, digest, change) =>
      commit(async (transaction) => {
        if (await mustGiveWay(transaction, change, repository, { digest })) return false;
        await requireCondition(transaction, change, repository);
        const stored = await findStored(transaction, repository, digest);
        if (!stored) return false;
        await removeManifest(transaction, stored, change);
        await dropWhenEmpty(transaction, repository);
        return true;
      }),
    tag: (repository, tag, digest, change) =>
      commit(async (transaction) => {
        if (await mustGiveWay(transaction, change, repository, { tag })) return false;
        await requireCondition(transaction, change, repository);
        const stored = await findStored(transaction, repository, digest);
        if (!stored)
          throw new OciError('MANIFEST_UNKNOWN', undefined, { Name: repository, Revision: digest });
        await pointTag(transaction, stored, tag, change);
        return true;
      }),
    untag: (repository, tag, change) =>
      commit(async (transaction) => {
        if (await mustGiveWay(transaction, change, repository, { tag })) return false;
        await requireCondition(transaction, change, repository);
        const row = await transaction.tables
          .deleteFrom('tags')
          .where('repository', '=', repository)
          .where('name', '=', tag)
          .returning('digest')
          .executeTakeFirst();
        if (!row) return false;
        const stored = await findStored(transaction, repository, row.digest);
        await transaction.tell({ ...stored!, action: 'untag', tag }, change);
        return true;
      }),
    deleteRepository: (repository, change) =>
      commit(async (transaction) => {
        if (await mustGiveWay(transaction, change, repository)) return false;
        const all = await findAllStored(transaction, repository);
        await removeAll(transaction, repository, all, change);
        await unlinkAll(transaction, repository, change);
        await dropWhenEmpty(transaction, repository);
        return all.length > 0;
      }),
  };
}

/** What can be said against a manifest before anything is read. */
function examine(put: ManifestPut): { digest: Digest; manifest: Manifest } {
  if (put.bytes.length > limits.manifestBytesMax) {
    throw new OciError(
      'MANIFEST_TOO_LARGE',
      `the manifest has ${put.bytes.length} bytes; at most ${limits.manifestBytesMax} are accepted`,
    );
  }
  const digest = digestOf(put.bytes, put.digest && digestAlgorithm(put.digest));
  if (put.digest && put.digest !== digest) {
    throw new OciError('DIGEST_INVALID', `the manifest's digest is ${digest}`, {
      expected: put.digest,
      found: digest,
    });
  }
  return { digest, manifest: parseManifest(put.bytes, put.mediaType) };
}

async function requireBlobs(
  { tables }: ContentTransaction,
  repository: RepositoryName,
  manifest: Manifest,
): Promise<void> {
  const needed = [...new Set(manifest.blobs.map((blob) => blob.digest))];
  if (needed.length === 0) return;
  const rows = await tables
    .selectFrom('repository_blobs')
    .innerJoin('blobs', 'blobs.digest', 'repository_blobs.digest')
    .where('repository', '=', repository)
    .where('blobs.digest', 'in', needed)
    .where('damaged_at', 'is', null)
    .select('blobs.digest')
    .execute();
  const held = new Set(rows.map((row) => row.digest));
  const missing = needed.filter((digest) => !held.has(digest));
  if (missing.length > 0) {
    throw new OciError(
      'MANIFEST_BLOB_UNKNOWN',
      `the manifest needs ${missing.length} blob(s) that repository ${repository} does not hold`,
      missing.map((digest) => ({ digest })),
    );
  }
}
