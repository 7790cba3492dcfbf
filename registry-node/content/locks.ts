// Locks, enforced in one place: whoever reaches a registry's content through `obeyLocks` meets them on every verb (Azure
// Container Registry, "Lock a container image"). The cloud's API does. A node has no locks of its own, and what keeps
// content in step (sync, garbage collection) asks nobody.
//
// What stands in the way of what:
//   pull    readEnabled of the repository, the tag it is pulled by, and the manifest
//   push    writeEnabled of the repository, each tag that it sets, and the manifest when it is there already
//   delete  deleteEnabled and writeEnabled of the repository, of what goes, and of what goes with it
//   lists   listEnabled of what would be listed
//
// A lock is looked at when a call begins: a push that was under way when the lock was set may still land.
import type { SqliteReader } from '../database/reader.ts';
import { type Digest, digestAlgorithm, digestOf } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Reference, Tag } from '../oci/reference.ts';
import { type Locks, lockMask, noLocks } from './attributes.ts';
import type { Content } from './content.ts';

/** What is switched off; `noLocks` of what is not there. */
export interface LockReads {
  repository(repository: RepositoryName): Locks;
  tag(repository: RepositoryName, tag: Tag): Locks;
  manifest(repository: RepositoryName, digest: Digest): Locks;
  /** Of the manifest that a tag points at. */
  manifestBehind(repository: RepositoryName, tag: Tag): Locks;
  /** On any tag of a manifest. */
  tagsOf(repository: RepositoryName, digest: Digest): Locks;
  /** On any manifest that names a blob, and on any tag of one. */
  manifestsOfBlob(repository: RepositoryName, blob: Digest): Locks;
  /** On any tag or manifest of a repository. */
  inside(repository: RepositoryName): Locks;
}

const anyOf = 'max(locks & 1) | max(locks & 2) | max(locks & 4) | max(locks & 8) AS locks';

export function lockReads(reader: SqliteReader): LockReads {
  const prepare = (sql: string): ((...keys: string[]) => Locks) => {
    const read = reader.one(sql, (row) => Number(row.locks ?? noLocks) as Locks);
    return (...keys) => read(...keys) ?? noLocks;
  };
  const blobInManifests = prepare(`SELECT ${anyOf} FROM (
      SELECT locks FROM manifest_blobs AS named JOIN manifests
        ON manifests.repository = named.repository AND manifests.digest = named.manifest
        WHERE named.repository = ? AND named.blob = ?
      UNION ALL SELECT locks FROM manifest_blobs AS named JOIN tags
        ON tags.repository = named.repository AND tags.digest = named.manifest
        WHERE named.repository = ? AND named.blob = ?)`);
  const inTags = prepare(`SELECT ${anyOf} FROM tags WHERE repository = ? AND locks <> 0`);
  const inManifests = prepare(`SELECT ${anyOf} FROM manifests WHERE repository = ? AND locks <> 0`);
  return {
    repository: prepare('SELECT locks FROM repositories WHERE name = ?'),
    tag: prepare('SELECT locks FROM tags WHERE repository = ? AND name = ?'),
    manifest: prepare('SELECT locks FROM manifests WHERE repository = ? AND digest = ?'),
    manifestBehind: prepare(
      'SELECT manifests.locks FROM tags JOIN manifests USING (repository, digest) WHERE repository = ? AND name = ?',
    ),
    tagsOf: prepare(`SELECT ${anyOf} FROM tags WHERE repository = ? AND digest = ? AND locks <> 0`),
    manifestsOfBlob: (repository, blob) => blobInManifests(repository, blob, repository, blob),
    inside: (repository) => (inTags(repository) | inManifests(repository)) as Locks,
  };
}

const unreadable = lockMask('readEnabled');
const unwritable = lockMask('writeEnabled');
/** What may not be written is not deleted either. */
const undeletable = lockMask('deleteEnabled', 'writeEnabled');

/**
 * The same content, whose calls throw OciError REGISTRY_DISALLOWED_OPERATION for what is locked.
 * @param overwriteTags sets tags over their own locks, as a forced import does
 */
export function obeyLocks(content: Content, { overwriteTags = false } = {}): Content {
  const { locks, uploads } = content;
  // Each of these gives the content for the one call that nothing locked stands in the way of.
  const toRead = (repository: RepositoryName, reference?: Reference): Content => {
    refuse(unreadable, locks.repository(repository));
    if (reference?.tag !== undefined) {
      const { tag } = reference;
      refuse(unreadable, locks.tag(repository, tag), locks.manifestBehind(repository, tag));
    } else if (reference) {
      refuse(unreadable, locks.manifest(repository, reference.digest));
    }
    return content;
  };
  const toWrite = (repository: RepositoryName, digest?: Digest, tags: readonly Tag[] = []): Content => {
    refuse(unwritable, locks.repository(repository));
    if (digest) refuse(unwritable, locks.manifest(repository, digest));
    if (!overwriteTags) refuse(unwritable, ...tags.map((tag) => locks.tag(repository, tag)));
    return content;
  };
  const toDelete = (repository: RepositoryName, ...found: readonly Locks[]): Content => {
    refuse(undeletable, locks.repository(repository), ...found);
    return content;
  };
  const readable = (repository: RepositoryName): boolean => (locks.repository(repository) & unreadable) === 0;

  return {
    ...content,
    manifest: async (repository, reference) => toRead(repository, reference).manifest(repository, reference),
    referrers: async (repository, subject, page) => toRead(repository).referrers(repository, subject, page),
    blobSize: async (repository, digest) => toRead(repository).blobSize(repository, digest),
    sendBlob: async (repository, ...blob) => toRead(repository).sendBlob(repository, ...blob),
    mayMountFrom: async (repository, digest) =>
      readable(repository) && content.mayMountFrom(repository, digest),
    repositoriesOfBlob: async (digest, n) => (await content.repositoriesOfBlob(digest, n)).filter(readable),
    repositories: (page) => content.repositories({ ...page, listedOnly: true }),
    tags: (repository, page) => content.tags(repository, { ...page, listedOnly: true }),

    putManifest: async (put, change) => {
      const digest = digestOf(put.bytes, put.digest && digestAlgorithm(put.digest));
      return toWrite(put.repository, digest, put.tags).putManifest(put, change);
    },
    tag: async (repository, tag, digest, change) =>
      toWrite(repository, digest, [tag]).tag(repository, tag, digest, change),
    linkBlob: async (repository, digest) => toWrite(repository).linkBlob(repository, digest),
    commitBlob: async (repository, ...blob) => toWrite(repository).commitBlob(repository, ...blob),
    uploads: {
      ...uploads,
      start: async (repository, owner) => toWrite(repository).uploads.start(repository, owner),
      append: async (repository, ...piece) => toWrite(repository).uploads.append(repository, ...piece),
      finish: async (repository, ...end) => toWrite(repository).uploads.finish(repository, ...end),
    },

    untag: async (repository, tag, change) =>
      toDelete(repository, locks.tag(repository, tag)).untag(repository, tag, change),
    deleteManifest: async (repository, digest, change) => {
      const found = [locks.manifest(repository, digest), locks.tagsOf(repository, digest)];
      return toDelete(repository, ...found).deleteManifest(repository, digest, change);
    },
    deleteRepository: async (repository, change) =>
      toDelete(repository, locks.inside(repository)).deleteRepository(repository, change),
    unlinkBlob: async (repository, digest) =>
      toDelete(repository, locks.manifestsOfBlob(repository, digest)).unlinkBlob(repository, digest),
  };
}

function refuse(mask: Locks, ...found: readonly Locks[]): void {
  if (found.some((locks) => (locks & mask) !== 0)) {
    throw new OciError('REGISTRY_DISALLOWED_OPERATION', undefined, {});
  }
}
