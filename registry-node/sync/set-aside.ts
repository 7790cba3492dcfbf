// Images that are damaged at the parent. What can be copied does not wait for them: they are kept aside, durably before the
// cursor passes them, told by name, and tried again, ever more rarely. Meanwhile the parent may tell other things of their tags;
// a full sync lists all anew.
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../clock.ts';
import type { WireEvent } from '../gateway/protocol.ts';
import type { Digest } from '../oci/digest.ts';
import type { RepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import type { ListedEntry } from './listed.ts';
import { nameIn } from './name-in.ts';
import type { ImageStep, TagTimes } from './plan.ts';
import {
  afterEvent,
  afterListing,
  type Entries,
  type Entry,
  keyOf,
  leftMs,
  nextWaitMs,
  parseKey,
  stepOf,
  tagsWith,
  troubleOf,
} from './set-aside-entry.ts';
import type { SyncState, SyncStateValue } from './state.ts';
import type { Status } from './status.ts';

export interface SetAside {
  /** An image could not be copied. Durable when it resolves. @throws `cause` when there is no room: the cursor must not pass it */
  add(step: ImageStep, movedAt: TagTimes, failure: { cause: Error; tookMs: number }): Promise<void>;
  /** The step with all tags that wait for its image. Adds to `movedAt` when they were moved. */
  complete(step: ImageStep, movedAt: TagTimes): ImageStep;
  holds(step: ImageStep): boolean;
  /** Whether it is not the time to try it again. */
  isWaiting(step: ImageStep): boolean;
  /** Keeps the tags of a step that waits. */
  keepTags(step: ImageStep, movedAt: TagTimes): Promise<void>;
  /** It is copied, or was deleted at the parent. */
  remove(step: ImageStep): Promise<void>;
  /** What changed at the parent: to be called before it is done. */
  hear(events: readonly WireEvent[]): Promise<void>;
  /** What the parent lists: to be called before it is copied. */
  hearListing(listed: readonly ListedEntry[]): Promise<void>;
  /** Forgets the others. */
  keepOnly(isThere: (repository: RepositoryName, digest: Digest) => boolean): Promise<void>;
  /** What is to be tried again now. */
  due(): ImageStep[];
  /** Milliseconds until something is due; Infinity when nothing is set aside. */
  dueInMs(): number;
  /** The state in which nothing waits for its time: a full sync begins. */
  hurried(): Pick<SyncStateValue, 'setAside'>;
  digests(): Digest[];
}

/** Beyond it the damage is not that of single images. */
const imagesMax = 100;

export interface SetAsideOptions {
  /** The connected registry's. */
  name: string;
  clock: Clock;
  state: SyncState;
  status: Pick<Status, 'raise' | 'clear'>;
}

export function createSetAside({ name, clock, state, status }: SetAsideOptions): SetAside {
  const entries = (): Entries => state.value.setAside ?? {};
  const entryOf = (step: ImageStep): Entry | undefined => entries()[keyOf(step)];
  const waitsMs = (entry: Entry): number => leftMs(entry, clock.now().getTime());
  const save = async (changed: Entries): Promise<void> => {
    for (const key of Object.keys(entries())) if (!(key in changed)) status.clear(troubleKey(key));
    await state.update({ setAside: changed });
  };
  const saveIfOther = async (changed: Entries): Promise<void> => {
    if (!isDeepStrictEqual(changed, entries())) await save(changed);
  };
  const tell = (key: string, entry: Entry): void =>
    void status.raise(troubleKey(key), troubleOf(key, entry, name));
  for (const [key, entry] of Object.entries(entries())) tell(key, entry);

  return {
    async add(step, movedAt, { cause, tookMs }) {
      const known = entryOf(step);
      if (!known && Object.keys(entries()).length >= imagesMax) throw cause;
      const entry: Entry = {
        bytes: step.bytes,
        tags: tagsWith(known, step, movedAt),
        cause: cause.message,
        triedAt: clock.now().toISOString(),
        waitMs: nextWaitMs(known, tookMs),
      };
      await save({ ...entries(), [keyOf(step)]: entry });
      tell(keyOf(step), entry);
    },
    complete(step, movedAt) {
      const waiting = Object.entries(entryOf(step)?.tags ?? {});
      for (const [tag, time] of waiting) {
        const tagName = nameIn(step.repository, tag);
        if (time !== null && !movedAt.has(tagName)) movedAt.set(tagName, new Date(time));
      }
      return { ...step, tags: [...new Set([...step.tags, ...waiting.map(([tag]) => parseTag(tag))])] };
    },
    holds: (step) => entryOf(step) !== undefined,
    isWaiting(step) {
      const entry = entryOf(step);
      return step.copy && entry !== undefined && waitsMs(entry) > 0;
    },
    async keepTags(step, movedAt) {
      const entry = entryOf(step);
      if (!entry || step.tags.every((tag) => tag in entry.tags)) return;
      const tags = tagsWith(entry, step, movedAt);
      await save({ ...entries(), [keyOf(step)]: { ...entry, tags } });
    },
    async remove(step) {
      const { [keyOf(step)]: known, ...others } = entries();
      if (known) await save(others);
    },
    hear: (events) => saveIfOther(events.reduce(afterEvent, entries())),
    hearListing: (listed) => saveIfOther(afterListing(entries(), listed)),
    async keepOnly(isThere) {
      const all = Object.entries(entries());
      const left = all.filter(([key]) => isThere(parseKey(key).repository, parseKey(key).digest));
      if (left.length < all.length) await save(Object.fromEntries(left));
    },
    due: () =>
      Object.entries(entries())
        .filter(([, entry]) => waitsMs(entry) === 0)
        .map(stepOf),
    dueInMs: () => Math.min(Infinity, ...Object.values(entries()).map(waitsMs)),
    hurried() {
      const setAside: Entries = {};
      for (const [key, entry] of Object.entries(entries())) setAside[key] = { ...entry, waitMs: 0 };
      return { setAside };
    },
    digests: () => [...new Set(Object.keys(entries()).map((key) => parseKey(key).digest))],
  };
}

const troubleKey = (key: string): string => `set aside ${key}`;
