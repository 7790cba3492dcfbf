// A registry's database: what each table holds, and how it came to be. Names, tags and digests were parsed before they were
// written, so rows are typed as what they were. Times are milliseconds since 1970; text is in byte order, SQLite's own.
import { sql } from 'kysely';
import type { Generated } from 'kysely';
import type { Migration } from '../database/open.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import type { FeedEvent } from './feed.ts';

export interface Tables {
  /** One row: facts about the registry as a whole. */
  registry: { feed_id: string; trimmed_to: number };
  /** Those that hold a manifest: the row comes with the first and goes with the last. */
  repositories: { name: RepositoryName; created_at: number };
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
  };
  tags: { repository: RepositoryName; name: Tag; digest: Digest; created_at: number; updated_at: number };
  /** Every blob that is stored; its file was durable before its row. */
  blobs: { digest: Digest; size: number; created_at: number };
  /** Which repository may show which blob. */
  repository_blobs: { repository: RepositoryName; digest: Digest; linked_at: number };
  /** Upload sessions. Their bytes are unfinished blobs of the store, under the same id. */
  uploads: { id: string; repository: RepositoryName; started_at: number };
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
  'CREATE TABLE repositories (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL) WITHOUT ROWID',
  `CREATE TABLE manifests (repository TEXT NOT NULL REFERENCES repositories (name), digest TEXT NOT NULL,
    media_type TEXT NOT NULL, bytes BLOB NOT NULL, size INTEGER NOT NULL, artifact_type TEXT, annotations TEXT,
    subject TEXT, created_at INTEGER NOT NULL, PRIMARY KEY (repository, digest))`,
  'CREATE INDEX manifests_by_subject ON manifests (repository, subject) WHERE subject IS NOT NULL',
  `CREATE TABLE tags (repository TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, PRIMARY KEY (repository, name),
    FOREIGN KEY (repository, digest) REFERENCES manifests (repository, digest)) WITHOUT ROWID`,
  'CREATE INDEX tags_by_digest ON tags (repository, digest)',
  `CREATE TABLE blobs (digest TEXT PRIMARY KEY, size INTEGER NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE repository_blobs (repository TEXT NOT NULL, digest TEXT NOT NULL REFERENCES blobs (digest),
    linked_at INTEGER NOT NULL, PRIMARY KEY (repository, digest)) WITHOUT ROWID`,
  'CREATE INDEX repository_blobs_by_digest ON repository_blobs (digest)',
  `CREATE TABLE uploads (id TEXT PRIMARY KEY, repository TEXT NOT NULL, started_at INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE feed (seq INTEGER PRIMARY KEY AUTOINCREMENT, repository TEXT NOT NULL, action TEXT NOT NULL,
    digest TEXT NOT NULL, tag TEXT, media_type TEXT NOT NULL, size INTEGER NOT NULL, origin TEXT NOT NULL,
    at INTEGER NOT NULL)`,
  'CREATE INDEX feed_by_time ON feed (at)',
];

export const migrations: readonly Migration[] = [
  {
    name: 'first',
    up: async (transaction) => {
      for (const statement of first) await sql.raw(statement).execute(transaction);
    },
  },
];
