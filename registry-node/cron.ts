// Cron expressions of schedules, read in one way by whoever reads them: what the control plane takes, the node must understand.
import { Cron } from 'croner';

/**
 * Five fields, UTC. `0/10` (a start with a step) is taken as Azure does; croner calls it sloppy.
 * @throws Error when it is no schedule
 */
export function parseCron(schedule: string): Cron {
  return new Cron(schedule, { timezone: 'UTC', mode: '5-part', sloppyRanges: true, paused: true });
}
