// The change feed: every change to content as a row, numbered in the order of their commits and written in the same
// transaction as the change. A reader holds a cursor, the last number it has applied (docs/sync-protocol.md).
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';

/** 'client': pushed here. 'parent': copied from the parent. Else the connected registry below that pushed it up. */
export type Origin = 'client' | 'parent' | { connectedRegistry: string };

export interface FeedEvent {
  /** Increasing per registry; no reader sees a later number before an earlier one. */
  seq: number;
  repository: RepositoryName;
  /** `push` and `delete` are about a manifest, `tag` and `untag` about a tag on it. */
  action: 'push' | 'delete' | 'tag' | 'untag';
  digest: Digest;
  tag: Tag | undefined;
  mediaType: string;
  /** Bytes of the manifest. */
  size: number;
  origin: Origin;
  at: Date;
}

export interface FeedQuery {
  /** Exclusive. */
  after: number;
  limit: number;
  /** Only events it accepts; `scanned` still moves past the others. */
  accept?: (event: FeedEvent) => boolean;
}

export interface Feed {
  /** Made with the registry and never changed: numbers of another feed mean nothing here. */
  readonly id: string;
  /** The number of the newest row; 0 when nothing ever happened. */
  head(): number;
  /** The number of the newest row that was trimmed; a cursor below it has lost events. */
  trimmedTo(): number;
  /** @returns events in order, and the number up to which the feed was read to find them. */
  read(query: FeedQuery): Promise<{ events: FeedEvent[]; scanned: number }>;
  /**
   * Tells the row from another one with its number: a registry that was restored from a copy gives numbers again.
   * Undefined when there is no such row, or none any more.
   */
  mark(seq: number): Promise<string | undefined>;
  /** Calls `listener` after each commit that added rows. @returns the call that ends it. */
  onAppend(listener: () => void): () => void;
  /** Removes rows older than `before`. @returns how many */
  trim(before: Date): Promise<number>;
}
