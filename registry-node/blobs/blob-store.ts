// Where bytes live. Content-addressed and shared by all repositories of a registry: which repository may show
// which blob is content's business, not the store's. `disk.ts` is the default; one suite tests every store.
import type { Writable } from 'node:stream';
import type { Digest } from '../oci/digest.ts';
import type { Flow } from './flow.ts';

/** Bytes `start` to `end`, both inclusive, as in RFC 9110 section 14.1.2. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface BlobStore {
  /** The size in bytes, or undefined when the blob is not stored. */
  size(digest: Digest): Promise<number | undefined>;
  /**
   * Writes the blob, or `range` of it, into `target` with backpressure and does not end `target`.
   * @throws OciError BLOB_UNKNOWN, also when it is shorter than `range`; an error of `target` when the reader went away
   */
  send(digest: Digest, target: Writable, range?: ByteRange): Promise<void>;
  delete(digest: Digest): Promise<void>;
  /** The blob piece by piece, for scrub; a piece is valid until the next is asked for. @throws OciError BLOB_UNKNOWN */
  read(digest: Digest): AsyncIterable<Uint8Array>;
  /** What is stored, some digests at a time, in no order. What changes meanwhile may be among them or not. */
  list(): AsyncIterable<Digest[]>;
  /** Takes a damaged blob out of the store, durably, and keeps its bytes aside for a person to look at. */
  quarantine(digest: Digest): Promise<void>;
  listQuarantined(): Promise<{ digest: Digest; bytes: number; movedAt: Date }[]>;
  deleteQuarantined(digest: Digest): Promise<void>;
  /**
   * Opens the unfinished blob `id` (an upload's UUID, or a name the sync engine derives from a digest), creating it
   * empty. It survives a restart with the bytes that reached it. At most one `UnfinishedBlob` per id is open.
   * @param choices `isNew`: nobody has ever had this id, so that opening it costs nothing until its first byte
   */
  unfinished(id: string, choices?: { isNew?: boolean }): Promise<UnfinishedBlob>;
  /** Makes a stored blob unfinished again, as `id`, in place of what that had. Nothing is done when it is not stored, or `id` is open. */
  reclaim(id: string, digest: Digest): Promise<void>;
  /** Bytes that the unfinished blob `id` has, without opening it; 0 when there is none. */
  unfinishedBytes(id: string): Promise<number>;
  /** Unfinished blobs with their size and last change, for expiry. */
  listUnfinished(): Promise<{ id: string; bytes: number; modifiedAt: Date }[]>;
  close(): Promise<void>;
}

/** A blob that is still arriving: an upload in pieces, or a copy from the parent that a cut may interrupt. */
export interface UnfinishedBlob {
  readonly id: string;
  /** Bytes received so far; the next append goes here. */
  readonly bytes: number;
  /**
   * Appends `source`, hashing while writing. When `source` fails midway, the bytes before the failure are kept and
   * the error is thrown. @returns `bytes` afterwards. @throws OciError INSUFFICIENT_STORAGE when the disk is full
   */
  append(source: Flow): Promise<number>;
  /** Makes the bytes so far survive a power cut. When that fails nobody knows what the disk holds, and they are gone. */
  sync(): Promise<void>;
  /**
   * Verifies the whole against `digest` and moves it into place, durably (file and directory synced) before it
   * resolves. @returns its size in bytes. @throws OciError DIGEST_INVALID, and the unfinished blob is gone
   */
  commit(digest: Digest): Promise<number>;
  /** Lets go of the open file; the bytes stay for a later `unfinished(id)`. */
  release(): Promise<void>;
  /** Removes it and its bytes. */
  discard(): Promise<void>;
}
