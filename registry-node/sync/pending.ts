// Changes that clients (or children) made here and that have not gone up yet. Until they have, they win over what the
// parent tells of the same tag, and what they need is not deleted.
import type { Feed, FeedEvent } from '../content/feed.ts';
import type { WireEvent } from '../gateway/protocol.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import type { SyncState } from './state.ts';

export interface Pending {
  /** Reads what the feed has added; call it before asking. */
  refresh(): Promise<void>;
  /** The number of the feed's last row that was read: of later ones nothing here knows. */
  knownTo(): number;
  /** The digest that a pending change points the tag at; undefined inside when it takes the tag away. */
  tag(repository: RepositoryName, tag: Tag): { digest: Digest | undefined } | undefined;
  manifest(repository: RepositoryName, digest: Digest): boolean;
  /** Whether the repository has any pending change. */
  repository(repository: RepositoryName): boolean;
  /** The row has gone up. */
  settle(event: FeedEvent): void;
  /** Keeps what goes up from now on, in place of what it kept before, until `end` is called. */
  recordSettled(): { readonly events: readonly FeedEvent[]; end(): void };
  /** What this node last moved the tag to at the parent, since it started. */
  lastPushed(repository: RepositoryName, tag: Tag): Digest | undefined;
  /** A change of the tag that has gone up and that the parent has not told back yet; undefined inside when it took the tag away. */
  untold(repository: RepositoryName, tag: Tag): { digest: Digest | undefined } | undefined;
  /**
   * The parent tells of a change that came from here, perhaps before the answer to its push is read: it is not pending any more,
   * and what the parent tells next came after it.
   */
  told(event: WireEvent): void;
  /** Whether the parent has told of this very row, whose push may yet be unanswered. */
  isTold(event: FeedEvent): boolean;
  /** How many changes have gone up since the start. */
  settled(): number;
  /** The parent has told everything that had gone up when `settled` was so many. */
  toldBack(settled: number): void;
}

export const isLocal = (event: FeedEvent): boolean => event.origin !== 'parent';

const rowsPerRead = 1000;
/** Of tags that went up: the oldest are forgotten first, which costs a move to and fro at most. */
const tagsMax = 10_000;

/** The last pending row of a tag, or of a manifest. */
type Row = Pick<FeedEvent, 'seq' | 'action' | 'digest' | 'tag'>;

export function createPending(feed: Feed, state: SyncState): Pending {
  const tags = new Map<string, Row>();
  const manifests = new Map<string, Row>();
  const repositories = new Map<string, number>();
  /** Pending rows of a tag, or of a manifest: what is told of one among several may be of any of them. */
  const rows = new Map<string, number>();
  const pushed = new Map<string, Digest>();
  const untold = new Map<string, { digest: Digest | undefined; position: number }>();
  /** Told back before they were settled. */
  const early = new Map<string, number>();
  /** Rows that went up before they were read here. */
  const ahead = new Set<number>();
  let record: FeedEvent[] | undefined;
  let settled = 0;
  const { cursor, held } = state.value.push;
  let scanned = Math.min(cursor, ...Object.values(held).map((seq) => seq - 1));
  let reading: Promise<void> | undefined;

  const note = (event: FeedEvent): void => {
    const { seq, repository, digest, tag, action } = event;
    if (ahead.delete(seq)) return;
    if (seq <= cursor && !(repository in held && seq >= held[repository]!)) return;
    repositories.set(repository, seq);
    if (tag !== undefined) tags.set(key(repository, tag), event);
    if (action !== 'untag') manifests.set(key(repository, digest), event);
    for (const name of namesOf(event)) rows.set(name, (rows.get(name) ?? 0) + 1);
  };
  const read = async (): Promise<void> => {
    while (scanned < feed.head()) {
      const page = await feed.read({ after: scanned, limit: rowsPerRead, accept: isLocal });
      page.events.forEach(note);
      scanned = page.scanned;
    }
  };
  const settleTag = ({ seq, digest, action }: FeedEvent, name: string): void => {
    if ((tags.get(name)?.seq ?? Infinity) <= seq) tags.delete(name);
    pushed.delete(name);
    untold.delete(name);
    if (action === 'tag') pushed.set(name, digest);
    if (early.get(name) === seq) early.delete(name);
    else untold.set(name, { digest: digestAfter({ digest, action }), position: settled });
    for (const map of [pushed, untold]) if (map.size > tagsMax) map.delete(map.keys().next().value!);
  };

  return {
    refresh: () => (reading ??= read().finally(() => (reading = undefined))),
    knownTo: () => scanned,
    tag(repository, tag) {
      const row = tags.get(key(repository, tag));
      return row && { digest: digestAfter(row) };
    },
    manifest: (repository, digest) => manifests.has(key(repository, digest)),
    repository: (repository) => repositories.has(repository),
    settle(event) {
      const { seq, repository, digest, tag } = event;
      settled++;
      record?.push(event);
      if (seq > scanned) ahead.add(seq);
      else for (const name of namesOf(event)) takeOne(rows, name);
      if (tag !== undefined) settleTag(event, key(repository, tag));
      if ((manifests.get(key(repository, digest))?.seq ?? Infinity) <= seq)
        manifests.delete(key(repository, digest));
      if ((repositories.get(repository) ?? Infinity) <= seq) repositories.delete(repository);
    },
    recordSettled() {
      const events: FeedEvent[] = [];
      record = events;
      return { events, end: () => void (record = undefined) };
    },
    lastPushed: (repository, tag) => pushed.get(key(repository, tag)),
    untold: (repository, tag) => untold.get(key(repository, tag)),
    told(event) {
      const manifest = key(event.repository, event.digest);
      if (rows.get(manifest) === 1 && isSame(manifests.get(manifest), event)) manifests.delete(manifest);
      if (event.tag === undefined) return;
      const name = key(event.repository, event.tag);
      const row = tags.get(name);
      if (row && rows.get(name) === 1 && !untold.has(name) && isSame(row, event)) {
        tags.delete(name);
        early.set(name, row.seq);
      }
      if (untold.get(name)?.digest === digestAfter(event)) untold.delete(name);
    },
    isTold: ({ seq, repository, tag }) => tag !== undefined && early.get(key(repository, tag)) === seq,
    settled: () => settled,
    toldBack(count) {
      for (const [name, { position }] of untold) {
        if (position > count) return;
        untold.delete(name);
      }
    },
  };
}

/** Neither a tag nor a digest holds a space. */
const key = (repository: string, name: string): string => `${repository} ${name}`;

/** The tag and the manifest that a row is about. */
function namesOf({ repository, tag, digest, action }: FeedEvent): string[] {
  return [
    ...(tag === undefined ? [] : [key(repository, tag)]),
    ...(action === 'untag' ? [] : [key(repository, digest)]),
  ];
}

function takeOne(counts: Map<string, number>, name: string): void {
  const left = (counts.get(name) ?? 0) - 1;
  if (left > 0) counts.set(name, left);
  else counts.delete(name);
}

/** What the tag points at after the change. */
function digestAfter<D extends string>({
  action,
  digest,
}: {
  action: FeedEvent['action'];
  digest: D;
}): D | undefined {
  return action === 'tag' ? digest : undefined;
}

/** Whether the parent's words are about this row. A tag that is taken away may have pointed elsewhere there. */
export function isSame(row: Row | undefined, { action, digest, tag }: WireEvent): boolean {
  return row?.action === action && row.tag === tag && (action === 'untag' || row.digest === digest);
}

/** This node's own among the parent's words: of each tag, and of each manifest, the last one. An earlier one may be of an earlier row. */
export function lastOwnWords(events: readonly WireEvent[], ownName: string): WireEvent[] {
  const own = events.filter(({ origin }) => origin === ownName);
  const nameOf = ({ repository, tag, digest }: WireEvent): string => key(repository, tag ?? digest);
  return [...new Map(own.map((event) => [nameOf(event), event])).values()];
}
