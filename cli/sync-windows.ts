// When a connected registry synchronises next: the answer of `node windows` and of `connected-registry windows`.
import {
  isContinuous,
  isSyncWindow,
  nextWindows,
  type SyncSchedule,
  syncWindowBounds,
} from '../registry-node/sync-window.ts';
import { failure } from './errors.ts';

export interface SyncWindows {
  name: string;
  schedule: string;
  syncWindow: string | null;
  /** It synchronises all the time, and there are no windows. */
  continuous: boolean;
  /** It may synchronise now. */
  open: boolean;
  windows: {
    /** ISO 8601. */
    opens: string;
    /** Null: the next one opens before, for as far as one can see. */
    closes: string | null;
    open: boolean;
    /** Until it opens; 0 when it is open. */
    opensInSeconds: number;
    closesInSeconds: number | null;
  }[];
}

const windowsShown = 10;

/** @throws CliError when the schedule or the window cannot be read */
export function syncWindowsOf(
  { name, ...schedule }: SyncSchedule & { name: string },
  now: Date,
): SyncWindows {
  const secondsTo = (time: Date): number => Math.max(0, Math.round((time.getTime() - now.getTime()) / 1000));
  const windows = readWindows(schedule, now).map(({ opens, closes }) => ({
    opens: opens.toISOString(),
    closes: closes?.toISOString() ?? null,
    open: opens <= now,
    opensInSeconds: secondsTo(opens),
    closesInSeconds: closes ? secondsTo(closes) : null,
  }));
  const continuous = isContinuous(schedule.schedule);
  return {
    name,
    schedule: schedule.schedule,
    syncWindow: schedule.syncWindow ?? null,
    continuous,
    open: continuous || windows.some((window) => window.open),
    windows,
  };
}

/** What the control plane would refuse is not tried. @throws CliError */
export function requireWindow(syncWindow: string): void {
  if (isSyncWindow(syncWindow)) return;
  const { from, to } = syncWindowBounds;
  throw failure(
    `The window '${syncWindow}' is not an ISO 8601 duration from ${from.text} to ${to.text}.`,
    'PT4H is four hours, P2D two days.',
  );
}

function readWindows(schedule: SyncSchedule, now: Date): ReturnType<typeof nextWindows> {
  try {
    return nextWindows(schedule, now, windowsShown);
  } catch {
    const window = schedule.syncWindow === undefined ? '' : ` with the window '${schedule.syncWindow}'`;
    throw failure(
      `The schedule '${schedule.schedule}'${window} cannot be read.`,
      'A schedule is a cron expression of five fields in UTC, like "0 2 * * *"; a window is an ISO 8601 duration, like PT4H.',
    );
  }
}
