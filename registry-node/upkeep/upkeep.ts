// What a registry does for itself while nobody asks: garbage collection when its cron expression says so, and a scrub of
// all that is stored every week. The same for a node, whose schedule its parent sends, and for a registry in the cloud.
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Collected } from '../content/collection/collect.ts';
import type { Content } from '../content/content.ts';
import { occursBetween } from './occurrence.ts';
import { createScrubs, type ScrubStatus } from './scrubs.ts';

export interface CollectionSchedule {
  enabled: boolean;
  /** Cron in five fields, UTC. */
  schedule: string;
}

export interface UpkeepOptions {
  content: Pick<Content, 'collectGarbage' | 'scrub' | 'scrubProgress' | 'damage' | 'onDamage'>;
  /** As it is now; undefined while nothing is known. */
  collectionSchedule: () => CollectionSchedule | undefined;
  clock: Clock;
  logger: Pick<Logger, 'info' | 'warn'>;
}

export interface Upkeep {
  /** Collects now, whatever the schedule says. */
  collect(dryRun: boolean): Promise<Collected>;
  /** Begins a scrub now unless one runs. @returns how it stands */
  scrub(): Promise<ScrubStatus>;
  scrubStatus(): Promise<ScrubStatus>;
  /** Ends what runs between two steps. To be called before the content is closed. */
  close(): Promise<void>;
}

/** The finest a cron expression of five fields can say. A schedule that changes is noticed as soon. */
const lookEveryMs = 60_000;

export function startUpkeep({ content, collectionSchedule, clock, logger }: UpkeepOptions): Upkeep {
  const stopping = new AbortController();
  const { signal } = stopping;
  const collecting = new Set<Promise<unknown>>();
  const scrubs = createScrubs({ content, clock, logger, signal });

  const collect = (dryRun: boolean): Promise<Collected> => {
    const work = content.collectGarbage({ dryRun, signal }).then((collected) => {
      const { would: _, ...counts } = collected;
      logger.info(counts, dryRun ? 'garbage collection, as a dry run' : 'garbage collection');
      return collected;
    });
    collecting.add(work);
    const end = (): boolean => collecting.delete(work);
    work.then(end, end);
    return work;
  };
  const collectWhenDue = async (since: Date, now: Date): Promise<void> => {
    const settings = collectionSchedule();
    if (settings?.enabled && occursBetween(settings.schedule, since, now)) await collect(false);
  };
  /** Nothing that fails here may end the process: it is tried again when next due. */
  const attempt = async (what: string, work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error }, `${what} failed; it is tried again when next due`);
    }
  };
  const watch = async (): Promise<void> => {
    for (let since = clock.now(); !signal.aborted;) {
      await clock.sleep(lookEveryMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      const now = clock.now();
      await attempt('garbage collection', collectWhenDue(since, now));
      await attempt('scrub', scrubs.beginWhenDue());
      since = now;
    }
  };
  const watching = watch();

  return {
    collect,
    scrub: async () => {
      scrubs.begin();
      return scrubs.status();
    },
    scrubStatus: () => scrubs.status(),
    close: async () => {
      stopping.abort(new Error('the registry is stopping'));
      await watching;
      await Promise.allSettled(collecting);
      await scrubs.close();
    },
  };
}
