// The rounds that wait at a parent, cheap enough for a thousand of them: all hear of changes through one listener, a push wakes
// only those who may read the repository, and waits that end at nearly the same time share a timer.
import type { Clock } from '../clock.ts';
import type { Content } from '../content/content.ts';
import type { RepositoryName } from '../oci/name.ts';
import type { Children } from './children.ts';

export interface WaitingRounds {
  /** For a round that is about to look for news: what happens from now on is remembered until it waits. */
  enter(): WaitingRound;
  /** Ends every wait, and those to come. */
  close(): void;
}

export interface WaitingRound {
  /** Whether `Children.onChange` was heard since the last call, or since it entered. */
  childrenChanged(): boolean;
  /**
   * @param ms at most; it may be a quarter of a second more
   * @param concerns whether a change in that repository is one to wake for
   */
  wait(ms: number, concerns: (repository: RepositoryName) => boolean): Promise<Woken>;
  /** It waits no longer and hears of nothing more. */
  end(): void;
}

/** Something happened that may concern it; the time passed; nobody waits for its answer any more. */
export type Woken = 'news' | 'time' | 'end';

interface Entry {
  /** Undefined before it waits for the first time: then everything concerns it. */
  concerns: ((repository: RepositoryName) => boolean) | undefined;
  rung: boolean;
  childrenChanged: boolean;
  ended: boolean;
  wake: ((woken: Woken) => void) | undefined;
}

/** Ends of waits that share a timer; its sleep is relative, so that a clock that is set lengthens no wait for long. */
interface Deadline {
  entries: Set<Entry>;
  /** To be called when nobody waits for it any more. */
  forget(): void;
}

const deadlineStepMs = 250;
/** As in a round, so that both are one read of the feed. */
const eventsPerRead = 1000;

export function createWaitingRounds(
  { feed }: Pick<Content, 'feed'>,
  children: Pick<Children, 'onChange'>,
  clock: Clock,
): WaitingRounds {
  const entries = new Set<Entry>();
  const deadlines = new Map<number, Deadline>();
  let unsubscribe: (() => void)[] = [];
  let closed = false;
  let seen = 0;
  let reading = false;

  const ring = (entry: Entry): void => {
    entry.rung = true;
    entry.wake?.('news');
  };
  const hearChildren = (): void => {
    for (const entry of entries) {
      entry.childrenChanged = true;
      ring(entry);
    }
  };
  const hearFeed = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    try {
      while (seen < feed.head()) {
        const { events, scanned } = await feed.read({ after: seen, limit: eventsPerRead });
        seen = scanned;
        const repositories = [...new Set(events.map(({ repository }) => repository))];
        for (const entry of entries) if (!entry.concerns || repositories.some(entry.concerns)) ring(entry);
      }
    } catch {
      // Each reads for itself then, and says what it fails at.
      seen = feed.head();
      for (const entry of entries) ring(entry);
    } finally {
      reading = false;
    }
  };
  const leave = (entry: Entry): void => {
    entry.ended = true;
    entry.wake?.('end');
    if (!entries.delete(entry) || entries.size > 0) return;
    for (const end of unsubscribe) end();
    unsubscribe = [];
  };
  const deadlineIn = (ms: number): Deadline => {
    const key = Math.ceil((clock.now().getTime() + ms) / deadlineStepMs);
    const known = deadlines.get(key);
    if (known) return known;
    const timer = new AbortController();
    const forget = (): void => {
      if (deadlines.get(key) === deadline) deadlines.delete(key);
      timer.abort();
    };
    const deadline: Deadline = { entries: new Set(), forget };
    deadlines.set(key, deadline);
    const passed = (): void => {
      for (const entry of deadline.entries) entry.wake?.('time');
    };
    clock.sleep(ms + deadlineStepMs, timer.signal).then(passed, () => undefined);
    return deadline;
  };
  const sleep = (entry: Entry, ms: number): Promise<Woken> =>
    new Promise((resolve) => {
      const deadline = deadlineIn(ms);
      deadline.entries.add(entry);
      entry.wake = (woken) => {
        entry.wake = undefined;
        deadline.entries.delete(entry);
        if (deadline.entries.size === 0) deadline.forget();
        resolve(woken);
      };
    });

  return {
    enter() {
      const entry: Entry = {
        concerns: undefined,
        rung: false,
        childrenChanged: false,
        ended: closed,
        wake: undefined,
      };
      if (entries.size === 0) {
        seen = feed.head();
        unsubscribe = [feed.onAppend(() => void hearFeed()), children.onChange(hearChildren)];
      }
      entries.add(entry);
      return {
        childrenChanged() {
          const { childrenChanged } = entry;
          entry.childrenChanged = false;
          return childrenChanged;
        },
        async wait(ms, concerns) {
          entry.concerns = concerns;
          if (entry.ended) return 'end';
          const woken = entry.rung ? 'news' : await sleep(entry, ms);
          entry.rung = false;
          return woken;
        },
        end: () => leave(entry),
      };
    },
    close() {
      closed = true;
      for (const entry of entries) leave(entry);
    },
  };
}
