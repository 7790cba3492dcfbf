// One image that is set aside, as it is remembered: which it is, what waits for it, and when it is tried again.
import type { WireEvent } from '../gateway/protocol.ts';
import { type Digest, parseDigest } from '../oci/digest.ts';
import { parseRepositoryName, type RepositoryName } from '../oci/name.ts';
import type { ListedEntry } from './listed.ts';
import { nameIn } from './name-in.ts';
import type { ImageStep, TagTimes } from './plan.ts';
import type { SyncStateValue } from './state.ts';
import type { Trouble } from './status.ts';

/** By `repository@digest`. */
export type Entries = NonNullable<SyncStateValue['setAside']>;
export type Entry = Entries[string];

const firstWaitMs = 15_000;
const waitGrowth = 4;
const waitMaxMs = 3_600_000;
/** At most a tenth of the link's time goes into an image that never becomes whole. */
const waitPerAttempt = 9;

export const keyOf = ({ repository, digest }: { repository: string; digest: string }): string =>
  `${repository}@${digest}`;

const repositoryOf = (key: string): string => key.slice(0, key.indexOf('@'));

export function parseKey(key: string): { repository: RepositoryName; digest: Digest } {
  return {
    repository: parseRepositoryName(repositoryOf(key)),
    digest: parseDigest(key.slice(key.indexOf('@') + 1)),
  };
}

/** Its tags are added by whoever carries it out. */
export function stepOf([key, { bytes }]: [key: string, entry: Entry]): ImageStep {
  return { ...parseKey(key), copy: true, tags: [], bytes };
}

/** How long it waits after one more attempt, which took so long. */
export function nextWaitMs(known: Entry | undefined, tookMs: number): number {
  const grownMs = Math.max(Math.min((known?.waitMs ?? 0) * waitGrowth, waitMaxMs), firstWaitMs);
  return Math.max(grownMs, Math.round(tookMs * waitPerAttempt));
}

export function leftMs({ triedAt, waitMs }: Entry, nowMs: number): number {
  const sinceMs = nowMs - Date.parse(triedAt);
  // A clock that was set back puts nothing off.
  return sinceMs < 0 ? 0 : Math.max(waitMs - sinceMs, 0);
}

/** Those that waited, and those of the step. */
export function tagsWith(known: Entry | undefined, step: ImageStep, movedAt: TagTimes): Entry['tags'] {
  const timeOf = (tag: string): number | null => movedAt.get(nameIn(step.repository, tag))?.getTime() ?? null;
  return { ...known?.tags, ...Object.fromEntries(step.tags.map((tag) => [tag, timeOf(tag)])) };
}

/** @returns what is left once the parent has told of it: later words replace the tags that wait */
export function afterEvent(entries: Entries, { action, repository, digest, tag }: WireEvent): Entries {
  const changed = { ...entries };
  if (tag !== undefined) {
    for (const [key, entry] of Object.entries(entries)) {
      const { [tag]: time, ...tags } = entry.tags;
      if (time !== undefined && repositoryOf(key) === repository) changed[key] = { ...entry, tags };
    }
    return changed;
  }
  const key = keyOf({ repository, digest });
  // What was pushed anew may be whole by now.
  if (action === 'delete') delete changed[key];
  else if (changed[key]) changed[key] = { ...changed[key], waitMs: 0 };
  return changed;
}

/** @returns what is left once the parent has listed it */
export function afterListing(entries: Entries, listed: readonly ListedEntry[]): Entries {
  const changed = { ...entries };
  for (const entry of listed) {
    const key = keyOf(entry);
    const { tags, movedAt, unselected } = entry;
    const times = tags.map((tag, at) => [tag, movedAt[at]?.getTime() ?? null]);
    if (unselected) delete changed[key];
    else if (changed[key]) changed[key] = { ...changed[key], tags: Object.fromEntries(times) };
  }
  return changed;
}

/** @param name the connected registry's */
export function troubleOf(key: string, { tags, cause }: Entry, name: string): Trouble {
  const names = Object.keys(tags).slice(0, 10).join(', ');
  const description =
    `${key}${names && ` (${names})`} is not here, because it cannot be had whole from the parent: ${cause.replace(/\.$/, '')}. ` +
    `Everything else was copied, and it is tried again by itself. Push the image again at the parent; ` +
    `'acrc connected-registry resync -r <registry> -n ${name}' then fetches it at once.`;
  return { type: 'Content', code: 'DamagedAtParent', description };
}
