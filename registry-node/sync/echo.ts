// The parent tells a node of the node's own changes too. Which of its words are about which change, is found here: by the tag
// or manifest that they name, and by what became of it.
import type { FeedEvent } from '../content/feed.ts';
import type { WireEvent } from '../gateway/protocol.ts';
import { nameIn } from './name-in.ts';

/** A change of a tag, or of a manifest. */
export type Row = Pick<FeedEvent, 'seq' | 'action' | 'digest' | 'tag'>;

export const isLocal = (event: FeedEvent): boolean => event.origin !== 'parent';

/** The tag and the manifest that a change is about. */
export function namesOf({
  repository,
  tag,
  digest,
  action,
}: Pick<WireEvent, 'repository' | 'tag' | 'digest' | 'action'>): string[] {
  return [
    ...(tag === undefined ? [] : [nameIn(repository, tag)]),
    ...(action === 'untag' ? [] : [nameIn(repository, digest)]),
  ];
}

/** What the tag points at after the change. */
export function digestAfter({ action, digest }: Row): FeedEvent['digest'] | undefined {
  return action === 'tag' ? digest : undefined;
}

/** Where a change points a tag at; undefined inside when it takes the tag away. */
export interface TagChange {
  digest: FeedEvent['digest'] | undefined;
}

export function changeOf(row: Row | undefined): TagChange | undefined {
  return row && { digest: digestAfter(row) };
}

/** Whether the parent's words are about this row. A tag that is taken away may have pointed elsewhere there. */
export function isSame(
  row: Row | undefined,
  { action, digest, tag }: Pick<WireEvent, 'action' | 'digest' | 'tag'>,
): boolean {
  return row?.action === action && row.tag === tag && (action === 'untag' || row.digest === digest);
}

/** This node's own among the parent's words: of each tag, and of each manifest, the last one. An earlier one may be of an earlier row. */
export function lastOwnWords(events: readonly WireEvent[], ownName: string): WireEvent[] {
  const own = events.filter(({ origin }) => origin === ownName);
  return [...new Map(own.map((event) => [wordName(event), event])).values()];
}

/** What lastOwnWords keeps one word of. */
export function wordName({ repository, tag, digest }: WireEvent): string {
  return nameIn(repository, tag ?? digest);
}
