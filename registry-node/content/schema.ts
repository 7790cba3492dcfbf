// A registry's database: what each table holds, and how it came to be. Names, tags and digests were parsed before they were
// written, so rows are typed as what they were. Times are milliseconds since 1970; text is in byte order, SQLite's own.
import { sql } from 'kysely';
import type { Generated } from 'kysely';
import type { Migration } from '../database/open.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import type { Locks } from './attributes.ts';
import type { FeedEvent } from './feed.ts';

export interface Tables {
  /** One row: facts about the registry as a whole. `blob_…`: of all blobs, each once; triggers keep it. */
  registry: {
    feed_id: string;
    trimmed_to: number;
    blob_bytes: Generated<number>;
    blob_count: Generated<number>;
  };
  /** Those that hold a manifest: the row comes with the first and goes with the last. */
  repositories: { name: RepositoryName; created_at: number; locks: Generated<Locks> };
  manifests: {
    repository: RepositoryName;
    digest: Digest;
    media_type: string;
    /** As pushed, byte for byte. */
    bytes: Uint8Array;
    size: number;
    artifact_type: string | null;
    /** JSON object. */
    annotations: string | null;
    /** Digest of the manifest that this one refers to, stored or not. */
    subject: Digest | null;
    created_at: number;
    /** When scrub found that the bytes are not what the digest says: never served until they are pushed or copied again. */
    damaged_at: number | null;
    /** See attributes.ts; 0 when nothing is switched off. */
    locks: Generated<Locks>;
  };
  /** Which blobs a manifest names: what garbage collection must keep in its repository, stored or not. */
  manifest_blobs: { repository: RepositoryName; blob: Digest; manifest: Digest };
  tags: {
    repository: RepositoryName;
    name: Tag;
    digest: Digest;
    created_at: number;
    updated_at: number;
    locks: Generated<Locks>;
  };
  /** Every blob that is stored; its file was durable before its row. */
  blobs: {
    digest: Digest;
    size: number;
    created_at: number;
    /** When scrub found the file damaged and moved it aside: as if not stored, until it is pushed or copied again. */
    damaged_at: number | null;
  };
  /** Which repository may show which blob. */
  repository_blobs: {
    repository: RepositoryName;
    digest: Digest;
    /** Null while a manifest of the repository names it; else the time before which it is not collected. */
    kept_until: number | null;
  };
  /** One row: how far scrub is, see scrub/progress.ts. */
  scrub: { progress: string };
  /** Upload sessions. Their bytes are unfinished blobs of the store, under the same id. Without an owner: from before there were owners. */
  uploads: { id: string; repository: RepositoryName; started_at: number; owner: string | null };
  feed: {
    seq: Generated<number>;
    repository: RepositoryName;
    action: FeedEvent['action'];
    digest: Digest;
    tag: Tag | null;
    media_type: string;
    size: number;
    /** `client`, `parent`, or `registry:` and the name of a connected registry. */
    origin: string;
    at: number;
  };
}

// AUTOINCREMENT: a number is never given twice, also when the newest rows were trimmed.
const first = [
  'CREATE TABLE registry (feed_id TEXT NOT NULL, trimmed_to INTEGER NOT NULL)',
  `CREATE TABLE repositories (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL,
    locks INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
  `CREATE TABLE manifests (repository TEXT NOT NULL REFERENCES repositories (name), digest TEXT NOT NULL,
    media_type TEXT NOT NULL, bytes BLOB NOT NULL, size INTEGER NOT NULL, artifact_type TEXT, annotations TEXT,
    subject TEXT, created_at INTEGER NOT NULL, damaged_at INTEGER, locks INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (repository, digest))`,
  'CREATE INDEX manifests_locked ON manifests (repository) WHERE locks <> 0',
  'CREATE INDEX manifests_by_subject ON manifests (repository, subject) WHERE subject IS NOT NULL',
  `CREATE TABLE tags (repository TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, locks INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (repository, name),
    FOREIGN KEY (repository, digest) REFERENCES manifests (repository, digest)) WITHOUT ROWID`,
  `CREATE TABLE manifest_blobs (repository TEXT NOT NULL, blob TEXT NOT NULL, manifest TEXT NOT NULL,
    PRIMARY KEY (repository, blob, manifest)) WITHOUT ROWID`,
  'CREATE INDEX manifest_blobs_by_manifest ON manifest_blobs (repository, manifest)',
  'CREATE INDEX tags_by_digest ON tags (repository, digest)',
  'CREATE INDEX tags_locked ON tags (repository) WHERE locks <> 0',
  `CREATE TABLE blobs (digest TEXT PRIMARY KEY, size INTEGER NOT NULL, created_at INTEGER NOT NULL,
    damaged_at INTEGER) WITHOUT ROWID`,
  `CREATE TABLE repository_blobs (repository TEXT NOT NULL, digest TEXT NOT NULL REFERENCES blobs (digest),
    kept_until INTEGER, PRIMARY KEY (repository, digest)) WITHOUT ROWID`,
  'CREATE INDEX repository_blobs_by_digest ON repository_blobs (digest)',
  'CREATE INDEX repository_blobs_by_expiry ON repository_blobs (kept_until) WHERE kept_until IS NOT NULL',
  'CREATE INDEX blobs_damaged ON blobs (digest) WHERE damaged_at IS NOT NULL',
  'CREATE INDEX manifests_damaged ON manifests (repository, digest) WHERE damaged_at IS NOT NULL',
  'CREATE TABLE scrub (progress TEXT NOT NULL)',
  `CREATE TABLE uploads (id TEXT PRIMARY KEY, repository TEXT NOT NULL, started_at INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE feed (seq INTEGER PRIMARY KEY AUTOINCREMENT, repository TEXT NOT NULL, action TEXT NOT NULL,
    digest TEXT NOT NULL, tag TEXT, media_type TEXT NOT NULL, size INTEGER NOT NULL, origin TEXT NOT NULL,
    at INTEGER NOT NULL)`,
  'CREATE INDEX feed_by_time ON feed (at)',
];

const ownersOfUploads = [
  'ALTER TABLE uploads ADD COLUMN owner TEXT',
  'CREATE INDEX uploads_by_owner ON uploads (owner) WHERE owner IS NOT NULL',
];

// Summing a table of all blobs for each status of a node costs more the more it holds.
const sumOfBlobs = [
  'ALTER TABLE registry ADD COLUMN blob_bytes INTEGER NOT NULL DEFAULT 0',
  'UPDATE registry SET blob_bytes = (SELECT coalesce(sum(size), 0) FROM blobs)',
  `CREATE TRIGGER blob_added AFTER INSERT ON blobs
    BEGIN UPDATE registry SET blob_bytes = blob_bytes + new.size; END`,
  `CREATE TRIGGER blob_resized AFTER UPDATE OF size ON blobs
    BEGIN UPDATE registry SET blob_bytes = blob_bytes + new.size - old.size; END`,
  `CREATE TRIGGER blob_removed AFTER DELETE ON blobs
    BEGIN UPDATE registry SET blob_bytes = blob_bytes - old.size; END`,
];

const manifestsAnywhere = ['CREATE INDEX manifests_by_digest ON manifests (digest)'];

// Counting them for each scrape of the metrics does, too.
const countOfBlobs = [
  'ALTER TABLE registry ADD COLUMN blob_count INTEGER NOT NULL DEFAULT 0',
  'UPDATE registry SET blob_count = (SELECT count(*) FROM blobs)',
  'DROP TRIGGER blob_added',
  'DROP TRIGGER blob_removed',
  `CREATE TRIGGER blob_added AFTER INSERT ON blobs
    BEGIN UPDATE registry SET blob_bytes = blob_bytes + new.size, blob_count = blob_count + 1; END`,
  `CREATE TRIGGER blob_removed AFTER DELETE ON blobs
    BEGIN UPDATE registry SET blob_bytes = blob_bytes - old.size, blob_count = blob_count - 1; END`,
];

export const migrations: readonly Migration[] = [
  migration('first', first),
  migration('owners of uploads', ownersOfUploads),
  migration('sum of blobs', sumOfBlobs),
  migration('manifests in any repository', manifestsAnywhere),
  migration('count of blobs', countOfBlobs),
];

function migration(name: string, statements: readonly string[]): Migration {
  return {
    name,
    up: async (transaction) => {
      for (const statement of statements) await sql.raw(statement).execute(transaction);
    },
  };
}
