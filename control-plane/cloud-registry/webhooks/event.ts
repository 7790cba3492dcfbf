// What webhooks are told of: pushes and deletions of manifests, made from the rows of the registry's feed. One change may
// be several rows there (the manifest, then its tags) and is one event here for each tag that it set.
import type { FeedEvent } from '../../../registry-node/content/feed.ts';

export interface RegistryEvent {
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
  /** Where it happened, when not in the cloud. */
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
export function eventsOf(change: readonly FeedEvent[]): RegistryEvent[] {
  const deletion = change.find(({ action }) => action === 'delete');
  if (deletion) {
    const tags = change.flatMap(({ action, tag }) => (action === 'untag' && tag ? [tag] : []));
    return [{ ...describe(deletion), action: 'delete', tags }];
  }
  const tagged = change.filter(({ action }) => action === 'tag');
  const pushed = tagged.length > 0 ? tagged : change.filter(({ action }) => action === 'push');
  return pushed.map((row) => Object.assign(describe(row), { action: 'push' as const, tag: row.tag }));
}

/** The body that is sent (Azure Container Registry, "Webhook reference"). */
export function toContent(
  event: RegistryEvent,
  ids: { id: string; requestId: string; host: string },
): string {
  const { action, at, repository, digest, mediaType, size, tag, connectedRegistry } = event;
  const isPush = action === 'push';
  return JSON.stringify({
    id: ids.id,
    timestamp: at.toISOString(),
    action,
    target: isPush
      ? { mediaType, size, digest, length: size, repository, tag }
      : { mediaType, digest, repository },
    request: { id: ids.requestId, host: ids.host, method: isPush ? 'PUT' : 'DELETE' },
    connectedRegistry: connectedRegistry && { name: connectedRegistry },
  });
}

export function toPing(id: string, at: Date): string {
  return JSON.stringify({ id, timestamp: at.toISOString(), action: 'ping' });
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
