// When a node may talk to its parent (docs/sync-protocol.md, "Schedules"): always, or inside a window that a cron
// expression opens. Pure, so that a test asks about any moment.
import { Cron } from 'croner';
import { durationMs } from '../duration.ts';
import type { NodeConfiguration } from '../gateway/protocol.ts';

export type Window =
  /** Until then at least; undefined is for ever. */
  { open: true; until: Date | undefined } | { open: false; opens: Date };

const continuous = '* * * * *';
/** What the control plane asks for when there is a schedule; a document without it is read as the shortest. */
const windowDefault = 'PT1H';

export function windowAt(
  { schedule, syncWindow }: Pick<NodeConfiguration, 'schedule' | 'syncWindow'>,
  now: Date,
): Window {
  if (schedule.trim().split(/\s+/).join(' ') === continuous) return { open: true, until: undefined };
  const cron = new Cron(schedule, { timezone: 'UTC', paused: true });
  const windowMs = durationMs(syncWindow ?? windowDefault);
  // The first occurrence whose window has not ended yet: it is open, or it is the next to open.
  const occurrence = cron.nextRun(new Date(now.getTime() - windowMs));
  if (!occurrence) return { open: false, opens: new Date(now.getTime() + windowMs) };
  return occurrence.getTime() <= now.getTime()
    ? { open: true, until: new Date(occurrence.getTime() + windowMs) }
    : { open: false, opens: occurrence };
}
