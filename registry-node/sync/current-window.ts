// Whether the node may talk to its parent now, from what it knows of its schedule.
import { type SyncSchedule, type WindowState, windowAt } from '../sync-window.ts';

const open: WindowState = { open: true, until: undefined };

/**
 * Before the first configuration the schedule is not known, and asking for it is the first thing to do. So it is with one that this
 * version cannot read: a newer one may be waiting.
 */
export function currentWindow(schedule: SyncSchedule | undefined, now: Date): WindowState {
  return schedule && scheduleProblem(schedule) === undefined ? windowAt(schedule, now) : open;
}

/** Why the schedule cannot be read; undefined when it can. */
export function scheduleProblem(schedule: SyncSchedule): string | undefined {
  try {
    windowAt(schedule, new Date(0));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
