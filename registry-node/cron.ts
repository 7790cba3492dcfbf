// Cron expressions of schedules, read in one way by whoever reads them: what the control plane takes, the node must understand.
import { Cron } from 'croner';
import { BoundedMap } from './bounded-map.ts';

/** An idle node looks at its schedules every minute, and reading one costs more than all else that it does. */
const read = new BoundedMap<Cron>({ weightMax: 100 });

/**
 * Five fields, UTC. `0/10` (a start with a step) is taken as Azure does; croner calls it sloppy.
 * @throws Error when it is no schedule
 */
export function parseCron(schedule: string): Cron {
  const known = read.get(schedule);
  if (known) return known;
  // UTC by its offset: by its name croner would ask the tables of time zones each time.
  const cron = new Cron(schedule, { utcOffset: 0, mode: '5-part', sloppyRanges: true, paused: true });
  read.set(schedule, cron);
  return cron;
}
