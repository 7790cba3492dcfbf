// What the feed tells behind a node's cursor: the changes that the node may not have yet.
import type { Feed, FeedEvent } from '../../../registry-node/content/feed.ts';
import { eventsAfter } from '../../../registry-node/content/feed-events.ts';
import type { Digest } from '../../../registry-node/oci/digest.ts';
import type { RepositoryName } from '../../../registry-node/oci/name.ts';
import type { Tag } from '../../../registry-node/oci/reference.ts';
import { isOwn, type Reach } from './reach.ts';

export interface Unapplied {
  /** When the first change came that the node does not have; undefined when it has all of them. */
  tagChangedAt(repository: RepositoryName, tag: Tag): Date | undefined;
  pushed(repository: RepositoryName, digest: Digest): boolean;
  /** What the next sync takes away. */
  removals: Removal[];
}

export interface Removal {
  repository: RepositoryName;
  tag?: Tag | undefined;
  digest: Digest;
}

interface Change {
  repository: RepositoryName;
  firstAt: Date;
  /** Whether the node may have it: it was not made after the cursor. */
  before: boolean;
  last: FeedEvent;
}

const making = new Set<FeedEvent['action']>(['push', 'tag']);

/** @param name the connected registry's */
export async function readUnapplied(
  feed: Feed,
  cursor: number,
  reach: Pick<Reach, 'receives'>,
  name: string,
): Promise<Unapplied> {
  const changes = new Map<string, Change>();
  const isReceived = ({ repository }: FeedEvent): boolean => reach.receives(repository);
  for await (const event of eventsAfter(feed, cursor, isReceived)) note(changes, event, name);
  return {
    tagChangedAt: (repository, tag) => changes.get(`${repository} ${tag}`)?.firstAt,
    pushed: (repository, digest) => changes.get(`${repository} ${digest}`)?.last.action === 'push',
    removals: [...changes.values()].flatMap(({ repository, before, last: { action, tag, digest } }) =>
      before && !making.has(action) ? [{ repository, tag, digest }] : [],
    ),
  };
}

/** Neither a tag nor a digest holds a space. */
function note(changes: Map<string, Change>, event: FeedEvent, name: string): void {
  const { repository, tag, digest, at, action } = event;
  const key = `${repository} ${tag ?? digest}`;
  if (isOwn(event, name)) {
    changes.delete(key);
    return;
  }
  const known = changes.get(key);
  // A tag that is set may have stood elsewhere; a manifest that is pushed was not there.
  const before = known?.before ?? action !== 'push';
  changes.set(key, { repository, firstAt: known?.firstAt ?? at, before, last: event });
}
