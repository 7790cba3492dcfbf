// What a registry holds: repositories with manifests, tags and the blobs they may show, and a numbered feed of every
// change. One Content per registry, in a database of its own beside its blobs. Each change and its feed row are one
// transaction, committed durably before the promise resolves.
import type { Writable } from 'node:stream';
import type { ByteRange, UnfinishedBlob } from '../blobs/blob-store.ts';
import type { Flow } from '../blobs/flow.ts';
import type { Digest } from '../oci/digest.ts';
import type { Descriptor } from '../oci/manifest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Reference, Tag } from '../oci/reference.ts';
import type { Collected, CollectionOptions } from './collection/collect.ts';
import type { Feed, Origin } from './feed.ts';
import type { DamagedContent } from './scrub/damage.ts';
import type { ScrubProgress } from './scrub/progress.ts';
import type { Damage, ScrubOptions } from './scrub/scrub.ts';
import type { LockReads } from './locks.ts';
import type { Metadata } from './metadata.ts';
import type { ContentTotals } from './totals.ts';

export interface StoredManifest {
  digest: Digest;
  mediaType: string;
  bytes: Uint8Array;
  createdAt: Date;
}

export interface ManifestEntry {
  digest: Digest;
  mediaType: string;
  /** Bytes of the manifest itself. */
  size: number;
  tags: Tag[];
  createdAt: Date;
}

export interface Page<Key extends string> {
  /** Exclusive: entries after this one, in byte order. */
  last?: Key | undefined;
  /** At most this many. */
  n?: number | undefined;
  /** Leaves out what an operator hid (attributes.ts). */
  listedOnly?: boolean | undefined;
}

export interface Content {
  readonly feed: Feed;

  /** How often this content was changed since it was opened; counted before anybody hears of the change. */
  changes(): number;

  /** Repositories that hold a manifest, in byte order. */
  repositories(page?: Page<RepositoryName>): Promise<RepositoryName[]>;
  hasRepository(repository: RepositoryName): Promise<boolean>;
  /** Removes the repository with all its manifests and tags; one feed row each. False when there is none. */
  deleteRepository(repository: RepositoryName, change: YieldingChange): Promise<boolean>;

  /** Undefined when the repository or the reference is unknown. Served from a bounded cache when hot. */
  manifest(repository: RepositoryName, reference: Reference): Promise<StoredManifest | undefined>;
  /** The manifest as whichever repository holds it. What it needs may be in none but that one. */
  manifestAnywhere(digest: Digest): Promise<StoredManifest | undefined>;
  /**
   * Stores a manifest and points `tags` at it. Idempotent: what is already so changes nothing and adds no feed row. Nothing is done
   * when a client, or a registry below, deleted it after the row that the change names.
   * @throws OciError MANIFEST_INVALID, MANIFEST_TOO_LARGE, DIGEST_INVALID (`digest` given and different),
   *   MANIFEST_BLOB_UNKNOWN (an image's config or layer that this repository does not hold; an index may be sparse)
   */
  putManifest(
    put: ManifestPut,
    change: YieldingChange,
  ): Promise<{ digest: Digest; subject: Digest | undefined }>;
  /** Removes the manifest and every tag on it. False when it is not there. */
  deleteManifest(repository: RepositoryName, digest: Digest, change: YieldingChange): Promise<boolean>;
  /** Moves `tag` to a manifest that is stored. False when it gave way. @throws OciError MANIFEST_UNKNOWN */
  tag(repository: RepositoryName, tag: Tag, digest: Digest, change: YieldingChange): Promise<boolean>;
  /** Removes the tag and leaves the manifest. False when there is no such tag. */
  untag(repository: RepositoryName, tag: Tag, change: YieldingChange): Promise<boolean>;
  /** In byte order. @throws OciError NAME_UNKNOWN */
  tags(repository: RepositoryName, page?: Page<Tag>): Promise<Tag[]>;
  /** In byte order of their digests; the page key is a digest. */
  manifests(repository: RepositoryName, page?: Page<Digest>): Promise<ManifestEntry[]>;
  /** Indexes that list the manifest, themselves or by way of other indexes. */
  indexesListing(repository: RepositoryName, digest: Digest): Promise<Digest[]>;
  /** What refers to `subject`, stored or not, in byte order of their digests. */
  referrers(
    repository: RepositoryName,
    subject: Digest,
    page?: Page<Digest> & { artifactType?: string | undefined },
  ): Promise<Descriptor[]>;

  /** The size in bytes when this repository may show the blob. */
  blobSize(repository: RepositoryName, digest: Digest): Promise<number | undefined>;
  /** Whether another repository may take the blob from this one. */
  mayMountFrom(repository: RepositoryName, digest: Digest): Promise<boolean>;
  /** @throws OciError BLOB_UNKNOWN when the repository does not hold it, or the disk lost a part of it. See BlobStore.send. */
  sendBlob(repository: RepositoryName, digest: Digest, target: Writable, range?: ByteRange): Promise<void>;
  /** Shows a blob that is stored anywhere in this registry in `repository` too. False when it is stored nowhere. */
  linkBlob(repository: RepositoryName, digest: Digest): Promise<boolean>;
  /** Takes the blob out of the repository. False when it was not in it. */
  unlinkBlob(repository: RepositoryName, digest: Digest): Promise<boolean>;
  /** Whether the bytes are stored, in whichever repository. */
  hasBlob(digest: Digest): Promise<boolean>;
  /** Repositories that show the blob, in byte order; at most `n`. A mount may only take what its caller may read. */
  repositoriesOfBlob(digest: Digest, n: number): Promise<RepositoryName[]>;
  /**
   * Opens the unfinished blob that a copy of `digest` into this registry fills, with what an earlier, interrupted
   * copy left in it. Finish it with `commitBlob`.
   */
  incomingBlob(digest: Digest): Promise<UnfinishedBlob>;
  /** Verifies, stores durably and links. @throws OciError DIGEST_INVALID */
  commitBlob(repository: RepositoryName, blob: UnfinishedBlob, digest: Digest): Promise<void>;

  /** What the metadata API of a login server shows and sets. */
  readonly metadata: Metadata;
  /** What is locked. Only `obeyLocks` asks it. */
  readonly locks: LockReads;

  /** Upload sessions of the distribution API. They survive a restart. */
  readonly uploads: Uploads;

  /** Bytes of all blobs, each once. */
  storedBytes(): Promise<number>;
  /** What there is, counted. */
  totals(): Promise<ContentTotals>;
  /** Removes bytes that nobody can need any more, while everything else goes on. See collection/collect.ts. */
  collectGarbage(options: CollectionOptions): Promise<Collected>;
  /** Verifies all that is stored, going on where an interrupted pass stopped. See scrub/scrub.ts. */
  scrub(options: ScrubOptions): Promise<ScrubProgress>;
  /** Of the pass that runs, or of the last one; undefined when there never was one. */
  scrubProgress(): Promise<ScrubProgress | undefined>;
  /** What is damaged and not well again yet; at most `n` manifests and as many blobs. */
  damage(n: number): Promise<DamagedContent>;
  /** Calls `listener` after each damage that a scrub finds, or somebody who asks for a blob. @returns the call that ends it. */
  onDamage(listener: (damage: Damage) => void): () => void;
  close(): Promise<void>;
}

/** Who made a change: kept on its feed row. */
export interface Change {
  origin: Origin;
  /** What a manifest or tag must be for the change to be made; looked at in its transaction. */
  condition?: ChangeCondition | undefined;
  /** When the tag was moved where the change comes from; absent: now. */
  tagMovedAt?: Date | undefined;
}

export interface ChangeCondition {
  reference: Reference;
  /** @param current digest of what `reference` names now; undefined when there is nothing. False: PRECONDITION_FAILED */
  holds(current: Digest | undefined): boolean;
}

/** Nothing is done when a client, or a registry below, changed the same thing after this row of the feed. */
export interface YieldingChange extends Change {
  unlessChangedAfter?: number;
}

export interface ManifestPut {
  repository: RepositoryName;
  bytes: Uint8Array;
  /** The Content-Type it came with. */
  mediaType: string | undefined;
  /** When the client named one, it must be right. */
  digest?: Digest | undefined;
  tags?: readonly Tag[];
}

/** Bytes of an upload. */
export interface Piece {
  source: Flow;
  /** The position it claims, when it claims one. */
  start?: number | undefined;
}

export interface Uploads {
  /**
   * @param owner the principal, who may have only so many sessions open
   * @returns the id of a new session. @throws OciError TOOMANYREQUESTS
   */
  start(repository: RepositoryName, owner: string): Promise<string>;
  /** Bytes received. @throws OciError BLOB_UPLOAD_UNKNOWN (also when it belongs to another repository) */
  bytes(repository: RepositoryName, id: string): Promise<number>;
  /**
   * Appends a piece. What arrived before its source failed is kept. @returns bytes received
   * @throws OciError BLOB_UPLOAD_UNKNOWN, RANGE_INVALID (also while another piece is being written),
   *   INSUFFICIENT_STORAGE
   */
  append(repository: RepositoryName, id: string, piece: Piece): Promise<number>;
  /**
   * Verifies, stores durably, links and ends the session. `last` is appended first: a push of one piece leaves nothing else
   * on the disk than the blob. Asked for once more it answers the same (finished-uploads.ts). @returns its size in bytes
   * @throws OciError as `append`; DIGEST_INVALID (the session is over)
   */
  finish(repository: RepositoryName, id: string, digest: Digest, last?: Piece): Promise<number>;
  cancel(repository: RepositoryName, id: string): Promise<void>;
}
