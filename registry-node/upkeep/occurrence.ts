// Whether a cron expression was due between two looks at the clock. Pure, so that a test asks about any two moments.
import { Cron } from 'croner';

/** After `since`, up to `now`; several occurrences that were missed count as one. @throws Error when it is no schedule */
export function occursBetween(schedule: string, since: Date, now: Date): boolean {
  // `0/10` is accepted as Azure does; croner calls it sloppy.
  const cron = new Cron(schedule, { timezone: 'UTC', mode: '5-part', sloppyRanges: true, paused: true });
  const next = cron.nextRun(since);
  return next !== null && next.getTime() <= now.getTime();
}
