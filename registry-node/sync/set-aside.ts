// Images that are damaged at the parent. What can be copied does not wait for them: they are kept aside, durably before the
// cursor passes them, told by name, and tried again, ever more rarely. Meanwhile the parent may tell other things of their tags;
// a full sync lists all anew.
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../clock.ts';
import type { WireEvent } from '../gateway/protocol.ts';
import { type Digest, parseDigest } from '../oci/digest.ts';
import { parseRepositoryName, type RepositoryName } from '../oci/name.ts';
import { parseTag } from '../oci/reference.ts';
import type { ListedEntry } from './listed.ts';
import type { ImageStep, TagTimes } from './plan.ts';
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

type Entries = NonNullable<SyncStateValue['setAside']>;
type Entry = Entries[string];

/** Beyond it the damage is not that of single images. */
const imagesMax = 100;
const firstWaitMs = 15_000;
const waitGrowth = 4;
const waitMaxMs = 3_600_000;
/** At most a tenth of the link's time goes into an image that never becomes whole. */
const waitPerAttempt = 9;

export interface SetAsideOptions {
  /** The connected registry's. */
  name: string;
  clock: Clock;
  state: SyncState;
  status: Pick<Status, 'raise' | 'clear'>;
}

export function createSetAside({ name, clock, state, status }: SetAsideOptions): SetAside {
  const entries = (): Entries => state.value.setAside ?? {};
  const nowMs = (): number => clock.now().getTime();
  const save = async (changed: Entries): Promise<void> => {
    for (const key of Object.keys(entries())) if (!(key in changed)) status.clear(troubleKey(key));
    await state.update({ setAside: changed });
  };
  const tell = (key: string, { cause, tags }: Entry): void => {
    status.raise(troubleKey(key), trouble(key, tags, cause, name));
  };
  const leftMs = ({ triedAt, waitMs }: Entry): number => {
    const sinceMs = nowMs() - Date.parse(triedAt);
    // A clock that was set back puts nothing off.
    return sinceMs < 0 ? 0 : Math.max(waitMs - sinceMs, 0);
  };
  const withTags = (key: string, step: ImageStep, movedAt: TagTimes): Entry['tags'] => ({
    ...entries()[key]?.tags,
    ...Object.fromEntries(
      step.tags.map((tag) => [tag, movedAt.get(`${step.repository} ${tag}`)?.getTime() ?? null]),
    ),
  });
  for (const [key, entry] of Object.entries(entries())) tell(key, entry);

  return {
    async add(step, movedAt, { cause, tookMs }) {
      const key = keyOf(step);
      const known = entries()[key];
      if (!known && Object.keys(entries()).length >= imagesMax) throw cause;
      const grownMs = Math.max(Math.min((known?.waitMs ?? 0) * waitGrowth, waitMaxMs), firstWaitMs);
      const entry: Entry = {
        bytes: step.bytes,
        tags: withTags(key, step, movedAt),
        cause: cause.message,
        triedAt: clock.now().toISOString(),
        waitMs: Math.max(grownMs, Math.round(tookMs * waitPerAttempt)),
      };
      await save({ ...entries(), [key]: entry });
      tell(key, entry);
    },
    complete(step, movedAt) {
      const waiting = Object.entries(entries()[keyOf(step)]?.tags ?? {});
      for (const [tag, time] of waiting) {
        const tagName = `${step.repository} ${tag}`;
        if (time !== null && !movedAt.has(tagName)) movedAt.set(tagName, new Date(time));
      }
      return { ...step, tags: [...new Set([...step.tags, ...waiting.map(([tag]) => parseTag(tag))])] };
    },
    holds: (step) => entries()[keyOf(step)] !== undefined,
    isWaiting(step) {
      const entry = entries()[keyOf(step)];
      return step.copy && entry !== undefined && leftMs(entry) > 0;
    },
    async keepTags(step, movedAt) {
      const key = keyOf(step);
      const entry = entries()[key];
      if (!entry || step.tags.every((tag) => tag in entry.tags)) return;
      await save({ ...entries(), [key]: { ...entry, tags: withTags(key, step, movedAt) } });
    },
    async remove(step) {
      const { [keyOf(step)]: known, ...others } = entries();
      if (known) await save(others);
    },
    async hear(events) {
      if (Object.keys(entries()).length === 0) return;
      const changed = structuredClone(entries());
      for (const event of events) hearOne(changed, event);
      await save(changed);
    },
    async hearListing(listed) {
      const changed = structuredClone(entries());
      for (const entry of listed) {
        const key = keyOf(entry);
        if (entry.unselected) delete changed[key];
        else if (changed[key]) changed[key].tags = tagsOf(entry);
      }
      if (!isDeepStrictEqual(changed, entries())) await save(changed);
    },
    async keepOnly(isThere) {
      const all = Object.entries(entries());
      const left = all.filter(([key]) => isThere(parseKey(key).repository, parseKey(key).digest));
      if (left.length < all.length) await save(Object.fromEntries(left));
    },
    due: () =>
      Object.entries(entries())
        .filter(([, entry]) => leftMs(entry) === 0)
        .map(stepOf),
    dueInMs: () => Math.min(Infinity, ...Object.values(entries()).map(leftMs)),
    hurried: () => ({
      setAside: Object.fromEntries(
        Object.entries(entries()).map(([key, entry]) => [key, { ...entry, waitMs: 0 }]),
      ),
    }),
    digests: () => [...new Set(Object.keys(entries()).map((key) => parseKey(key).digest))],
  };
}

function tagsOf({ tags, movedAt }: ListedEntry): Entry['tags'] {
  return Object.fromEntries(tags.map((tag, at) => [tag, movedAt[at]?.getTime() ?? null]));
}

/** Later words replace the tags that wait; what was pushed anew may be whole by now. */
function hearOne(entries: Entries, { action, repository, digest, tag }: WireEvent): void {
  const key = keyOf({ repository, digest });
  if (tag === undefined && action === 'delete') delete entries[key];
  else if (tag === undefined && entries[key]) entries[key].waitMs = 0;
  if (tag === undefined) return;
  for (const [other, entry] of Object.entries(entries))
    if (repositoryOf(other) === repository) delete entry.tags[tag];
}

const keyOf = ({ repository, digest }: { repository: string; digest: string }): string =>
  `${repository}@${digest}`;
const repositoryOf = (key: string): string => key.slice(0, key.indexOf('@'));
function parseKey(key: string): { repository: RepositoryName; digest: Digest } {
  return {
    repository: parseRepositoryName(repositoryOf(key)),
    digest: parseDigest(key.slice(key.indexOf('@') + 1)),
  };
}

/** Its tags are added by whoever carries it out. */
function stepOf([key, { bytes }]: [string, Entry]): ImageStep {
  const { repository, digest } = parseKey(key);
  return { repository, digest, copy: true, tags: [], bytes };
}

const troubleKey = (key: string): string => `set aside ${key}`;

function trouble(key: string, tags: Entry['tags'], cause: string, name: string) {
  const names = Object.keys(tags).slice(0, 10).join(', ');
  const description =
    `${key}${names && ` (${names})`} is not here, because it cannot be had whole from the parent: ${cause.replace(/\.$/, '')}. ` +
    `Everything else was copied, and it is tried again by itself. Push the image again at the parent; ` +
    `'acrc connected-registry resync -r <registry> -n ${name}' then fetches it at once.`;
  return { type: 'Content', code: 'DamagedAtParent', description };
}
