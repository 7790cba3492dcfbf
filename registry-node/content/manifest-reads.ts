// Finding manifests: one by reference, which is the registry's hottest read, and lists of them.
import type { Kysely } from 'kysely';
import type { Row, SqliteReader } from '../database/reader.ts';
import type { Digest } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import type { Descriptor } from '../oci/manifest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import { listedCondition } from './attributes.ts';
import type { Content, StoredManifest } from './content.ts';
import type { ManifestCache } from './manifest-cache.ts';
import type { Tables } from './schema.ts';

export interface ManifestReadsOptions {
  database: Kysely<Tables>;
  reader: SqliteReader;
  cache: ManifestCache;
}

const columns = 'manifests.digest, media_type, bytes, manifests.created_at';

export function manifestReads({
  database,
  reader,
  cache,
}: ManifestReadsOptions): Pick<
  Content,
  'manifest' | 'manifestAnywhere' | 'manifests' | 'tags' | 'referrers'
> {
  const byDigest = reader.one(
    `SELECT ${columns} FROM manifests WHERE repository = ? AND digest = ? AND damaged_at IS NULL`,
    parseManifest,
  );
  const anywhere = reader.one(
    `SELECT ${columns} FROM manifests WHERE digest = ? AND damaged_at IS NULL LIMIT 1`,
    parseManifest,
  );
  const byTag = reader.one(
    `SELECT ${columns} FROM tags JOIN manifests USING (repository, digest)
      WHERE repository = ? AND tags.name = ? AND damaged_at IS NULL`,
    parseManifest,
  );
  // No tag is the empty text, and to SQLite a limit below zero is none.
  const namesOf = (condition: string): ((...page: [RepositoryName, string, number]) => Tag[]) =>
    reader.column<Tag>(
      `SELECT name FROM tags WHERE repository = ? AND name > ? AND ${condition} ORDER BY name LIMIT ?`,
    );
  const tagNames = namesOf('TRUE');
  const listedTagNames = namesOf(listedCondition);
  return {
    manifest: async (repository, reference) => {
      const cached = cache.get(repository, reference);
      if (cached) return cached;
      // Read and cached without a pause between: no change can slip in and leave an old answer behind.
      const manifest =
        reference.tag === undefined
          ? byDigest(repository, reference.digest)
          : byTag(repository, reference.tag);
      if (manifest) cache.set(repository, reference, manifest);
      return manifest;
    },
    manifestAnywhere: async (digest) => anywhere(digest),
    manifests: async (repository, page = {}) => {
      let query = database
        .selectFrom('manifests')
        .where('repository', '=', repository)
        .orderBy('digest')
        .select(['digest', 'media_type', 'size', 'created_at']);
      if (page.last !== undefined) query = query.where('digest', '>', page.last);
      if (page.n !== undefined) query = query.limit(page.n);
      const rows = await query.execute();
      const tags = await tagsByDigest(database, repository, rows[0]?.digest, rows.at(-1)?.digest);
      return rows.map((row) => ({
        digest: row.digest,
        mediaType: row.media_type,
        size: row.size,
        tags: tags.get(row.digest) ?? [],
        createdAt: new Date(row.created_at),
      }));
    },
    tags: async (repository, { last = '', n = -1, listedOnly = false } = {}) => {
      const names = (listedOnly ? listedTagNames : tagNames)(repository, last, n);
      if (names.length === 0) await requireRepository(database, repository);
      return names;
    },
    referrers: async (repository, subject, { artifactType, last, n } = {}) => {
      let query = database
        .selectFrom('manifests')
        .where('repository', '=', repository)
        .where('subject', '=', subject)
        .orderBy('digest')
        .select(['digest', 'media_type', 'size', 'artifact_type', 'annotations']);
      if (artifactType !== undefined) query = query.where('artifact_type', '=', artifactType);
      if (last !== undefined) query = query.where('digest', '>', last);
      if (n !== undefined) query = query.limit(n);
      const rows = await query.execute();
      return rows.map(describeReferrer);
    },
  };
}

/** What manifest-changes.ts wrote. */
function parseManifest(row: Row): StoredManifest {
  return {
    digest: row.digest as Digest,
    mediaType: row.media_type as string,
    bytes: row.bytes as Uint8Array,
    createdAt: new Date(row.created_at as number),
  };
}

type ReferrerRow = Pick<
  Tables['manifests'],
  'digest' | 'media_type' | 'size' | 'artifact_type' | 'annotations'
>;

function describeReferrer(row: ReferrerRow): Descriptor {
  const descriptor: Descriptor = { mediaType: row.media_type, digest: row.digest, size: row.size };
  if (row.artifact_type !== null) descriptor.artifactType = row.artifact_type;
  if (row.annotations !== null) descriptor.annotations = JSON.parse(row.annotations);
  return descriptor;
}

async function tagsByDigest(
  database: Kysely<Tables>,
  repository: RepositoryName,
  first: Digest | undefined,
  last: Digest | undefined,
): Promise<Map<Digest, Tag[]>> {
  if (first === undefined || last === undefined) return new Map();
  const rows = await database
    .selectFrom('tags')
    .where('repository', '=', repository)
    .where('digest', '>=', first)
    .where('digest', '<=', last)
    .orderBy('name')
    .select(['name', 'digest'])
    .execute();
  const tags = new Map<Digest, Tag[]>();
  for (const { name, digest } of rows) {
    const names = tags.get(digest);
    if (names) names.push(name);
    else tags.set(digest, [name]);
  }
  return tags;
}

async function requireRepository(database: Kysely<Tables>, repository: RepositoryName): Promise<void> {
  const row = await database
    .selectFrom('repositories')
    .where('name', '=', repository)
    .select('name')
    .executeTakeFirst();
  if (!row) throw new OciError('NAME_UNKNOWN', undefined, { name: repository });
}
