// Conflicts that the listing of a full sync does not show, because this node's own change had gone up before: the parent says them.
import type { FeedEvent } from '../content/feed.ts';
import { eventsAfter } from '../content/feed-events.ts';
import type { FullSyncPage } from '../gateway/protocol.ts';
import { parseDigest } from '../oci/digest.ts';
import { parseRepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import type { SyncContext } from './context.ts';
import { nameIn } from './name-in.ts';
import type { Conflict } from './plan.ts';

type Told = NonNullable<FullSyncPage['overruled']>[number];

export async function reportOverruled(
  { conflicts, content: { feed }, pending, state }: SyncContext,
  told: readonly Told[],
): Promise<void> {
  if (told.length === 0) return;
  const unknown = new Map(told.map((each) => [moveOf(each.repository, each.tag, each.theirs), each]));
  const begunAt = state.value.fullSyncFrom ?? feed.head();
  // Whoever moved a tag on after it was set here as others had set it at the parent knew of that.
  for await (const { repository, tag = '', digest } of eventsAfter(feed, begunAt, isSetByParent))
    unknown.delete(moveOf(repository, tag, digest));
  await conflicts.report([...unknown.values()].map(parse), pending.knownTo());
}

const moveOf = (repository: string, tag: string, digest: string): string =>
  `${nameIn(repository, tag)} ${digest}`;

function isSetByParent({ action, origin }: FeedEvent): boolean {
  return action === 'tag' && origin === 'parent';
}

function parse({ repository, tag, ours, theirs }: Told): Conflict {
  return {
    repository: parseRepositoryName(repository),
    tag: parseTag(tag),
    ours: ours === undefined ? undefined : parseDigest(ours),
    theirs: parseDigest(theirs),
  };
}
