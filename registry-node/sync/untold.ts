// Changes of this node that have gone up and that the parent has not told back yet. Whatever the parent tells of the same tag or
// manifest meanwhile came before them, and they hold.
import type { FeedEvent } from '../content/feed.ts';
import type { WireEvent } from '../gateway/protocol.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import { changeOf, digestAfter, isSame, namesOf, type Row, type TagChange } from './echo.ts';
import { nameIn } from './name-in.ts';

type Told = Pick<WireEvent, 'repository' | 'action' | 'digest' | 'tag'>;

/** Of a name that is a tag, or the digest of a manifest, in a repository. */
export interface Untold {
  /** It has gone up. */
  add(event: FeedEvent): void;
  /** The parent tells of a change that came from here. */
  told(event: Told): void;
  /** A round is asked for: what is added from now on may be missing in its answer. */
  asking(): void;
  /** The answer tells all that there is, and so all that had been added when it was asked for. */
  toldAll(): void;
  /** It changed nothing at the parent, which has nothing to tell of it. */
  forget(repository: string, name: string): void;
  has(repository: string, name: string): boolean;
  /** What became of the tag. */
  tag(repository: RepositoryName, tag: Tag): TagChange | undefined;
  /** The last change of the manifest. */
  manifest(repository: RepositoryName, digest: Digest): Row | undefined;
  /** Whether a change of it had gone up when the round was asked for, and the parent is still to tell of it. */
  awaitsEcho(repository: string, name: string): boolean;
  /** Whether that change is the deletion of the manifest. */
  awaitsDeletion(repository: RepositoryName, digest: Digest): boolean;
  /** Whether a change of it went up after the round was asked for: what its answer says of it came before. */
  isAhead(repository: string, name: string): boolean;
  /** What this node last moved the tag to at the parent, as far back as is known. */
  lastPushed(repository: RepositoryName, tag: Tag): Digest | undefined;
  /** The numbers of the rows, in the order in which they were added: what is to be known after a restart. */
  rowNumbers(): number[];
}

/** The oldest are forgotten first, which costs a move to and fro at most. */
const namesMax = 10_000;
/** So many are known after a restart. */
export const rememberedRowsMax = 1000;

export function createUntold(): Untold {
  const rows = new Map<string, { row: Row; position: number }>();
  const pushed = new Map<string, Digest>();
  let added = 0;
  let askedAt = 0;
  return {
    add(event) {
      added++;
      // After a restart earlier rows may be read when later ones have gone up already.
      const isLast = (name: string): boolean => (rows.get(name)?.row.seq ?? 0) < event.seq;
      for (const name of namesOf(event).filter(isLast)) {
        putLast(rows, name, { row: event, position: added });
        if (event.tag === undefined || name !== nameIn(event.repository, event.tag)) continue;
        const digest = digestAfter(event);
        if (digest === undefined) pushed.delete(name);
        else putLast(pushed, name, digest);
      }
    },
    told(event) {
      for (const name of [event.tag, event.digest].map((each) => each && nameIn(event.repository, each))) {
        if (name !== undefined && isSame(rows.get(name)?.row, event)) rows.delete(name);
      }
    },
    asking() {
      askedAt = added;
    },
    toldAll() {
      for (const [name, { position }] of rows) {
        if (position > askedAt) return;
        rows.delete(name);
      }
    },
    forget: (repository, name) => void rows.delete(nameIn(repository, name)),
    has: (repository, name) => rows.has(nameIn(repository, name)),
    tag: (repository, tag) => changeOf(rows.get(nameIn(repository, tag))?.row),
    manifest: (repository, digest) => rows.get(nameIn(repository, digest))?.row,
    awaitsEcho: (repository, name) => (rows.get(nameIn(repository, name))?.position ?? Infinity) <= askedAt,
    awaitsDeletion(repository, digest) {
      const found = rows.get(nameIn(repository, digest));
      return found?.row.action === 'delete' && found.position <= askedAt;
    },
    isAhead: (repository, name) => (rows.get(nameIn(repository, name))?.position ?? 0) > askedAt,
    lastPushed: (repository, tag) => pushed.get(nameIn(repository, tag)),
    rowNumbers() {
      const numbers = new Set(rows.values().map(({ row }) => row.seq));
      return [...numbers].slice(-rememberedRowsMax);
    },
  };
}

function putLast<V>(map: Map<string, V>, name: string, value: V): void {
  map.delete(name);
  map.set(name, value);
  if (map.size > namesMax) map.delete(map.keys().next().value!);
}
