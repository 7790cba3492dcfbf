// Tags that both sides moved while apart. The order of arrival at the cloud has decided, or will; what is left is to tell people,
// with both digests, for the manifest that lost its tag may be the one they wanted. A report survives a restart. It ends when the
// tag changes again, because then somebody has decided anew, or after a day. Whoever moved a tag on that was shown here as the
// others had moved it knew of that, and there is nothing to tell: the parent tells again what was not done to its end.
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Feed, FeedEvent } from '../content/feed.ts';
import { eventsAfter } from '../content/feed-events.ts';
import { durationMs } from '../duration.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Tag } from '../oci/reference.ts';
import { nameIn } from './name-in.ts';
import type { Conflict } from './plan.ts';
import type { SyncState } from './state.ts';
import type { Status } from './status.ts';

export interface Conflicts {
  /** @param knownTo the number of the local feed's last row that was known when both sides' changes were seen */
  report(conflicts: readonly Conflict[], knownTo: number): Promise<void>;
  /** The parent tells of a later change of the tag. */
  endedAbove(repository: RepositoryName, tag: Tag): Promise<void>;
  /** A change that was made here has gone up. */
  endedHere(event: FeedEvent): Promise<void>;
  /** Forgets what is older than a day; call it now and then. */
  expire(): Promise<void>;
}

const keptMs = durationMs('P1D');
/** More than the status tells say nothing new. */
const conflictsMax = 50;

type Reported = NonNullable<SyncState['value']['conflicts']>;

export function createConflicts({
  clock,
  feed,
  logger,
  state,
  status,
}: {
  clock: Clock;
  /** The local one. */
  feed: Pick<Feed, 'head' | 'read'>;
  logger: Logger;
  state: SyncState;
  status: Pick<Status, 'raise' | 'clear'>;
}): Conflicts {
  const reported = (): Reported => state.value.conflicts ?? {};
  const forget = async (names: readonly string[]): Promise<void> => {
    if (names.length === 0) return;
    const left = Object.entries(reported()).filter(([name]) => !names.includes(name));
    await state.update({ conflicts: Object.fromEntries(left) });
    for (const name of names) status.clear(troubleKey(name));
  };
  for (const [name, { description }] of Object.entries(reported())) {
    status.raise(troubleKey(name), troubleOf(description));
  }
  return {
    async report(conflicts, knownTo) {
      for (const conflict of await withoutShown(conflicts, feed, state.value.shownFrom ?? 0)) {
        const { repository, tag, ours, theirs } = conflict;
        const name = `${repository}:${tag}`;
        const description = describe(conflict);
        if (reported()[name]?.description === description) continue;
        const others = Object.keys(reported()).filter((other) => other !== name);
        await forget(others.slice(0, Math.max(others.length + 1 - conflictsMax, 0)));
        // Replaced at the end, where the newest are.
        const { [name]: _, ...kept } = reported();
        const at = clock.now().toISOString();
        await state.update({ conflicts: { ...kept, [name]: { description, at, knownTo } } });
        status.raise(troubleKey(name), troubleOf(description));
        logger.warn({ repository, tag, ours, theirs }, 'the tag was changed on both sides');
      }
    },
    endedAbove: async (repository, tag) => {
      const name = `${repository}:${tag}`;
      if (reported()[name]) await forget([name]);
    },
    async endedHere({ repository, tag, seq }) {
      const name = `${repository}:${tag}`;
      const known = reported()[name];
      if (known && seq > known.knownTo) await forget([name]);
    },
    async expire() {
      const since = clock.now().getTime() - keptMs;
      await forget(
        Object.entries(reported())
          .filter(([, { at }]) => Date.parse(at) < since)
          .map(([name]) => name),
      );
    },
  };
}

/** @param shownFrom the row of the feed after which something may have been shown that the parent tells again */
async function withoutShown(
  conflicts: readonly Conflict[],
  feed: Pick<Feed, 'head' | 'read'>,
  shownFrom: number,
): Promise<Iterable<Conflict>> {
  if (conflicts.length === 0) return [];
  const moveOf = (repository: string, tag: string, digest: string): string =>
    `${nameIn(repository, tag)} ${digest}`;
  const unknown = new Map(conflicts.map((each) => [moveOf(each.repository, each.tag, each.theirs), each]));
  const isSetByParent = ({ action, origin }: FeedEvent): boolean => action === 'tag' && origin === 'parent';
  for await (const { repository, tag = '', digest } of eventsAfter(feed, shownFrom, isSetByParent))
    unknown.delete(moveOf(repository, tag, digest));
  return unknown.values();
}

const troubleKey = (name: string): string => `conflict ${name}`;
const troubleOf = (description: string) => ({ type: 'Content', code: 'TagConflict', description });

function describe({ repository, tag, ours, theirs }: Conflict): string {
  const local = ours ? `moved to ${ours} here` : 'removed here';
  return (
    `${repository}:${tag} was changed on both sides while apart: ${local}, and moved to ${theirs} at the parent. ` +
    `The change made here arrives there last and holds; ${theirs} stays stored without the tag. ` +
    `If that is the one you want, tag it again: this report ends when the tag changes, or after a day.`
  );
}
