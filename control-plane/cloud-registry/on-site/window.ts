// When a connected registry may synchronise next, and until when, as its plan shows it.
import { isContinuous, nextWindows, type SyncSchedule } from '../../../registry-node/sync-window.ts';

export interface PlanWindow {
  continuous: boolean;
  /** The one that is open, or the next; absent when the schedule is continuous or has no occurrence. */
  opens?: Date | undefined;
  /** Absent also when it does not close, because the next one opens before. */
  closes?: Date | undefined;
  open: boolean;
}

export function planWindow(schedule: SyncSchedule, now: Date): PlanWindow {
  const continuous = isContinuous(schedule.schedule);
  const [window] = nextWindows(schedule, now, 1);
  return { continuous, ...window, open: continuous || (window !== undefined && window.opens <= now) };
}
