// Whether a cron expression was due between two looks at the clock. Pure, so that a test asks about any two moments.
import { parseCron } from '../cron.ts';

/** After `since`, up to `now`; several occurrences that were missed count as one. @throws Error when it is no schedule */
export function occursBetween(schedule: string, since: Date, now: Date): boolean {
  const next = parseCron(schedule).nextRun(since);
  return next !== null && next.getTime() <= now.getTime();
}
