// Changes that clients (or children) made here and that have not gone up yet. Until they have, they win over what the
// parent tells of the same tag, and what they need is not deleted.
import type { Feed, FeedEvent } from '../content/feed.ts';
import type { WireEvent } from '../gateway/protocol.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import { changeOf, isLocal, isSame, namesOf, type Row, type TagChange } from './echo.ts';
import { nameIn } from './name-in.ts';
import type { SyncState, SyncStateValue } from './state.ts';
import { createUntold, type Untold } from './untold.ts';

export interface Pending {
  /** Reads what the feed has added; call it before asking. */
  refresh(): Promise<void>;
  /** The number of the feed's last row that was read: of later ones nothing here knows. */
  knownTo(): number;
  tag(repository: RepositoryName, tag: Tag): TagChange | undefined;
  manifest(repository: RepositoryName, digest: Digest): boolean;
  /** Whether that change of it is its deletion. */
  deletion(repository: RepositoryName, digest: Digest): boolean;
  /** Whether it was deleted last, here and after this row of the feed, as far as was read. */
  deletedAfter(repository: RepositoryName, digest: Digest, seq: number): boolean;
  /** Whether it was deleted last, which the parent is still to hear of, or was to tell of when the round was asked for. */
  deletes(repository: RepositoryName, digest: Digest): boolean;
  /** Whether the repository has any pending change. */
  repository(repository: RepositoryName): boolean;
  /** The row has gone up. */
  settle(event: FeedEvent): void;
  /** Keeps what goes up from now on, in place of what it kept before, until `end` is called. */
  recordSettled(): { readonly events: readonly FeedEvent[]; end(): void };
  /** What has gone up, and the parent has not told back yet. */
  readonly untold: Untold;
  /** Whether that could be a pending one, whose answer is missing. It is when no later word is about the same. */
  mayHaveArrived(event: WireEvent): boolean;
  /** So it is: it is not pending any more, and what the parent tells next came after it. */
  arrive(event: WireEvent): void;
  /** The numbers of such rows: their pushes may yet be unanswered. */
  arrived(): ReadonlySet<number>;
  /** What of this is to be known after a restart, once the cursor has passed what the parent has told. */
  remembered(): Pick<SyncStateValue['push'], 'arrived' | 'untold'>;
}

const rowsPerRead = 1000;

export function createPending(feed: Feed, state: SyncState): Pending {
  const { cursor, held, arrived: arrivedBefore, untold: untoldBefore = [] } = state.value.push;
  /** The last pending row of each. */
  const tags = new Map<string, Row>();
  const manifests = new Map<string, Row>();
  const repositories = new Map<string, number>();
  /** Pending rows of a tag, or of a manifest: what is told of one among several may be of any of them. */
  const rows = new Map<string, number>();
  const untold = createUntold();
  const arrived = new Set(arrivedBefore);
  /** Rows that went up before they were read here. */
  const ahead = new Set<number>();
  let record: FeedEvent[] | undefined;
  const untoldRows = new Set(untoldBefore);
  let scanned = Math.min(cursor, ...[...Object.values(held), ...untoldBefore].map((seq) => seq - 1));
  let reading: Promise<void> | undefined;

  const note = (event: FeedEvent): void => {
    const { seq, repository, digest, tag, action } = event;
    if (ahead.delete(seq)) return;
    if (untoldRows.delete(seq)) return untold.add(event);
    if (seq <= cursor && !(repository in held && seq >= held[repository]!)) return;
    repositories.set(repository, seq);
    for (const name of namesOf(event)) rows.set(name, (rows.get(name) ?? 0) + 1);
    if (arrived.has(seq)) return;
    if (tag !== undefined) tags.set(nameIn(repository, tag), event);
    if (action !== 'untag') manifests.set(nameIn(repository, digest), event);
  };
  const read = async (): Promise<void> => {
    while (scanned < feed.head()) {
      const page = await feed.read({ after: scanned, limit: rowsPerRead, accept: isLocal });
      page.events.forEach(note);
      scanned = page.scanned;
    }
  };
  /** The one pending row that the parent's words may be about, by its tag, or by its manifest when that was deleted. */
  const waiting = (event: WireEvent): Row | undefined => {
    const { repository, tag, digest } = event;
    const name = nameIn(repository, tag ?? digest);
    const row = (tag === undefined ? manifests : tags).get(name);
    // Words about a row that went up before come first.
    if (rows.get(name) !== 1 || untold.has(repository, tag ?? digest)) return undefined;
    return isSame(row, event) ? row : undefined;
  };

  const change = (repository: RepositoryName, digest: Digest): Row | undefined =>
    manifests.get(nameIn(repository, digest));

  return {
    refresh: () => (reading ??= read().finally(() => (reading = undefined))),
    knownTo: () => scanned,
    tag: (repository, tag) => changeOf(tags.get(nameIn(repository, tag))),
    manifest: (repository, digest) => change(repository, digest) !== undefined,
    deletion: (repository, digest) => change(repository, digest)?.action === 'delete',
    deletedAfter(repository, digest, seq) {
      const last = change(repository, digest) ?? untold.manifest(repository, digest);
      return last?.action === 'delete' && last.seq > seq;
    },
    deletes(repository, digest) {
      const row = change(repository, digest);
      return row ? row.action === 'delete' : untold.awaitsDeletion(repository, digest);
    },
    repository: (repository) => repositories.has(repository),
    settle(event) {
      const { seq, repository } = event;
      record?.push(event);
      untold.add(event);
      if (arrived.delete(seq)) untold.told(event);
      if (seq > scanned) ahead.add(seq);
      for (const name of namesOf(event)) {
        if (seq <= scanned) takeOne(rows, name);
        for (const map of [tags, manifests]) if ((map.get(name)?.seq ?? Infinity) <= seq) map.delete(name);
      }
      if ((repositories.get(repository) ?? Infinity) <= seq) repositories.delete(repository);
    },
    recordSettled() {
      const events: FeedEvent[] = [];
      record = events;
      return { events, end: () => void (record = undefined) };
    },
    untold,
    mayHaveArrived: (event) => waiting(event) !== undefined,
    arrive(event) {
      const row = waiting(event);
      if (!row) return;
      arrived.add(row.seq);
      if (row.tag !== undefined) tags.delete(nameIn(event.repository, row.tag));
      const manifest = nameIn(event.repository, row.digest);
      if (manifests.get(manifest)?.seq === row.seq) manifests.delete(manifest);
    },
    arrived: () => arrived,
    remembered: () => ({ arrived: [...arrived], untold: untold.rowNumbers() }),
  };
}

function takeOne(counts: Map<string, number>, name: string): void {
  const left = (counts.get(name) ?? 0) - 1;
  if (left > 0) counts.set(name, left);
  else counts.delete(name);
}
