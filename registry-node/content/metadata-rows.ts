// The metadata of repositories, tags and manifests, out of their rows; see metadata.ts.
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import { changeLocks, isListed, isLocked, type Locks, toAttributes } from './attributes.ts';
import type { Commit } from './commit.ts';
import { tellAgain } from './tell-again.ts';
import type { AttributeTarget, ManifestFacts, Metadata, MetadataPage, TagFacts } from './metadata.ts';
import type { Tables } from './schema.ts';

export function metadataRows(database: Kysely<Tables>, commit: Commit): Metadata {
  return {
    repository: async (repository) => {
      const row = (await repositoryFacts(repository).execute(database)).rows[0];
      if (!row) return undefined;
      return {
        createdAt: new Date(row.created_at),
        updatedAt: new Date(row.updated_at),
        manifestCount: row.manifests,
        tagCount: row.tags,
        attributes: toAttributes(row.locks),
      };
    },
    tags: async (repository, { digest, ...page }) => {
      const facts =
        digest === undefined ? tagFacts(repository) : tagFacts(repository, sql`digest = ${digest}`);
      return (await pageOf<TagRow>(facts, sql`name`, page).execute(database)).rows.map(parseTag);
    },
    tag: async (repository, tag) => {
      const { rows } = await tagFacts(repository, sql`name = ${tag}`).execute(database);
      return rows.map(parseTag)[0];
    },
    manifests: async (repository, page) => {
      const { rows } = await pageOf<ManifestRow>(manifestFacts(repository), sql`digest`, page).execute(
        database,
      );
      return rows.map(parseManifest);
    },
    manifest: async (repository, digest) => {
      const { rows } = await manifestFacts(repository, sql`digest = ${digest}`).execute(database);
      return rows.map(parseManifest)[0];
    },
    setAttributes: (target, changes) =>
      commit(async (transaction) => {
        const { tables } = transaction;
        const { table, where } = placeOf(target);
        const { rows } = await sql<{ locks: Locks }>`SELECT locks FROM ${table} WHERE ${where}`.execute(
          tables,
        );
        if (!rows[0]) return false;
        const locks = changeLocks(rows[0].locks, changes);
        await sql`UPDATE ${table} SET locks = ${locks} WHERE ${where}`.execute(tables);
        const readableAgain = isLocked(rows[0].locks, 'readEnabled') && !isLocked(locks, 'readEnabled');
        if (readableAgain) await tellAgain(transaction, target);
        return true;
      }),
  };
}

interface RepositoryRow {
  created_at: number;
  updated_at: number;
  manifests: number;
  tags: number;
  locks: Locks;
}

interface TagRow {
  name: Tag;
  digest: Digest;
  created_at: number;
  updated_at: number;
  locks: Locks;
}

interface ManifestRow {
  digest: Digest;
  media_type: string;
  size: number;
  created_at: number;
  updated_at: number;
  /** JSON: names in byte order. */
  tags: string;
  locks: Locks;
}

const all = sql`TRUE`;

function repositoryFacts(repository: RepositoryName): RawBuilder<RepositoryRow> {
  return sql`SELECT created_at, locks,
      (SELECT count(*) FROM manifests WHERE repository = ${repository}) AS manifests,
      (SELECT count(*) FROM tags WHERE repository = ${repository}) AS tags,
      max(created_at,
        ifnull((SELECT max(created_at) FROM manifests WHERE repository = ${repository}), 0),
        ifnull((SELECT max(updated_at) FROM tags WHERE repository = ${repository}), 0)) AS updated_at
    FROM repositories WHERE name = ${repository}`;
}

function tagFacts(repository: RepositoryName, which: RawBuilder<unknown> = all): RawBuilder<TagRow> {
  return sql`SELECT name, digest, created_at, updated_at, locks FROM tags
    WHERE repository = ${repository} AND ${which}`;
}

function manifestFacts(
  repository: RepositoryName,
  which: RawBuilder<unknown> = all,
): RawBuilder<ManifestRow> {
  const own = sql`FROM tags WHERE tags.repository = manifests.repository AND tags.digest = manifests.digest`;
  return sql`SELECT digest, media_type, size, created_at, locks,
      max(created_at, ifnull((SELECT max(updated_at) ${own}), 0)) AS updated_at,
      (SELECT json_group_array(name ORDER BY name) ${own}) AS tags
    FROM manifests WHERE repository = ${repository} AND ${which}`;
}

/** Equal times are told apart by the key, so that a page ends at one place only. */
function pageOf<Row>(
  facts: RawBuilder<Row>,
  key: RawBuilder<unknown>,
  { order, last, lastUpdatedAt, n }: MetadataPage<string>,
): RawBuilder<Row> {
  const [place, direction, follows] = {
    name: [key, sql`ASC`, sql`>`],
    timeasc: [sql`updated_at ASC, ${key}`, sql`ASC`, sql`>`],
    timedesc: [sql`updated_at DESC, ${key}`, sql`DESC`, sql`<`],
  }[order];
  const at = order === 'name' ? sql`${key}` : sql`(updated_at, ${key})`;
  const then = lastUpdatedAt ? sql`(${lastUpdatedAt.getTime()}, ${last})` : undefined;
  const now = sql`(SELECT updated_at, ${key} FROM facts WHERE ${key} = ${last})`;
  const marker = order === 'name' ? sql`${last}` : (then ?? now);
  const after = last === undefined ? all : sql`${at} ${follows} ${marker}`;
  return sql`WITH facts AS (${facts}) SELECT * FROM facts
    WHERE ${isListed} AND ${after} ORDER BY ${place} ${direction} LIMIT ${n}`;
}

function placeOf({ repository, tag, digest }: AttributeTarget): {
  table: RawBuilder<unknown>;
  where: RawBuilder<unknown>;
} {
  if (tag !== undefined) {
    return { table: sql`tags`, where: sql`repository = ${repository} AND name = ${tag}` };
  }
  if (digest !== undefined) {
    return { table: sql`manifests`, where: sql`repository = ${repository} AND digest = ${digest}` };
  }
  return { table: sql`repositories`, where: sql`name = ${repository}` };
}

function parseTag(row: TagRow): TagFacts {
  return {
    name: row.name,
    digest: row.digest,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    attributes: toAttributes(row.locks),
  };
}

function parseManifest(row: ManifestRow): ManifestFacts {
  return {
    digest: row.digest,
    mediaType: row.media_type,
    size: row.size,
    tags: JSON.parse(row.tags),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    attributes: toAttributes(row.locks),
  };
}
