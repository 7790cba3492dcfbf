// What happens to artifacts, in the words that people are told it: pushes and deletions of manifests, made from the rows of
// a registry's feed. One change may be several rows there (the manifest, then its tags) and is one event here for each
// tag that it set. Webhooks of the cloud and notifications of nodes both tell of these.
import type { FeedEvent } from '../content/feed.ts';

export interface ArtifactEvent {
  action: 'push' | 'delete';
  at: Date;
  repository: string;
  digest: string;
  mediaType: string;
  /** Bytes of the manifest. */
  size: number;
  /** Of a push: the tag that was set. */
  tag?: string | undefined;
  /** Of a deletion: the tags that went with the manifest. */
  tags?: readonly string[] | undefined;
  /** The connected registry where it happened, or from where it came. */
  connectedRegistry?: string | undefined;
}

/** Consecutive rows of one change; what a page may end in the middle of. */
export function changesIn(rows: readonly FeedEvent[]): FeedEvent[][] {
  const changes: FeedEvent[][] = [];
  for (const row of rows) {
    const last = changes.at(-1);
    if (last && isSameChange(last[0]!, row)) last.push(row);
    else changes.push([row]);
  }
  return changes;
}

/** Taking a tag off is no event. */
export function eventsOf(change: readonly FeedEvent[]): ArtifactEvent[] {
  const deletion = change.find(({ action }) => action === 'delete');
  if (deletion) {
    const tags = change.flatMap(({ action, tag }) => (action === 'untag' && tag ? [tag] : []));
    return [{ ...describe(deletion), action: 'delete', tags }];
  }
  const tagged = change.filter(({ action }) => action === 'tag');
  const pushed = tagged.length > 0 ? tagged : change.filter(({ action }) => action === 'push');
  return pushed.map((row) => Object.assign(describe(row), { action: 'push' as const, tag: row.tag }));
}

function isSameChange(first: FeedEvent, row: FeedEvent): boolean {
  return (
    first.repository === row.repository &&
    first.digest === row.digest &&
    first.at.getTime() === row.at.getTime() &&
    setsOrRemoves(first) === setsOrRemoves(row)
  );
}

function setsOrRemoves({ action }: FeedEvent): 'sets' | 'removes' {
  return action === 'push' || action === 'tag' ? 'sets' : 'removes';
}

function describe({ repository, digest, mediaType, size, at, origin }: FeedEvent) {
  const connectedRegistry = typeof origin === 'object' ? origin.connectedRegistry : undefined;
  return { repository, digest, mediaType, size, at, connectedRegistry };
}
