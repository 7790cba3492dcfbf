// When a node may talk to its parent (docs/sync-protocol.md, "Schedules"): always, or inside windows that a cron expression
// opens. Pure, so that a test asks about any moment. The node obeys it, the cloud and the command line tell it.
import { parseCron } from './cron.ts';
import { durationMs } from './duration.ts';

export interface SyncSchedule {
  /** Five-field cron, UTC. */
  schedule: string;
  /** ISO 8601 duration. */
  syncWindow?: string | undefined;
}

export type WindowState =
  /** Until then at least; undefined is for ever. */
  { open: true; until: Date | undefined } | { open: false; opens: Date };

export interface SyncWindow {
  opens: Date;
  /** Undefined: windows follow upon each other for as far as one can see. */
  closes: Date | undefined;
}

const hourMs = 3_600_000;
/** What the control plane takes. Azure Container Registry, "What is a connected registry?" */
export const syncWindowBounds = {
  from: { text: 'PT1H', ms: hourMs },
  to: { text: 'P7D', ms: 7 * 24 * hourMs },
} as const;

/** Whether it is a duration that the control plane takes. */
export function isSyncWindow(duration: string): boolean {
  try {
    const ms = durationMs(duration);
    return ms >= syncWindowBounds.from.ms && ms <= syncWindowBounds.to.ms;
  } catch {
    return false;
  }
}

const continuous = '* * * * *';
/** What the control plane asks for when there is a schedule; a document without it is read as the shortest. */
const windowDefault = 'PT1H';
/** Windows that overlap or touch are one; more than these are one that does not close. */
const overlappingMax = 1000;

export function isContinuous(schedule: string): boolean {
  return schedule.trim().split(/\s+/).join(' ') === continuous;
}

/** @throws Error when the schedule or the window cannot be read */
export function windowAt({ schedule, syncWindow }: SyncSchedule, now: Date): WindowState {
  if (isContinuous(schedule)) return { open: true, until: undefined };
  const windowMs = durationMs(syncWindow ?? windowDefault);
  // The first occurrence whose window has not ended yet: it is open, or it is the next to open.
  const occurrence = parseCron(schedule).nextRun(new Date(now.getTime() - windowMs));
  if (!occurrence) return { open: false, opens: new Date(now.getTime() + windowMs) };
  return occurrence.getTime() <= now.getTime()
    ? { open: true, until: new Date(occurrence.getTime() + windowMs) }
    : { open: false, opens: occurrence };
}

/**
 * The window that is open and those that follow, at most `count`; none when the schedule is continuous. Of windows that overlap,
 * the first opens with the earliest that has not ended yet. @throws Error when the schedule or the window cannot be read
 */
export function nextWindows({ schedule, syncWindow }: SyncSchedule, now: Date, count: number): SyncWindow[] {
  if (isContinuous(schedule)) return [];
  const cron = parseCron(schedule);
  const windowMs = durationMs(syncWindow ?? windowDefault);
  const windows: SyncWindow[] = [];
  let occurrence = cron.nextRun(new Date(now.getTime() - windowMs));
  while (occurrence && windows.length < count) {
    const opens = occurrence;
    let closes = opens;
    for (let joined = 0; occurrence && occurrence <= closes; joined++) {
      if (joined === overlappingMax) return [...windows, { opens, closes: undefined }];
      closes = new Date(occurrence.getTime() + windowMs);
      occurrence = cron.nextRun(occurrence);
    }
    windows.push({ opens, closes });
  }
  return windows;
}

/** Work that takes more windows than these has no end that is worth telling. */
const windowsForWorkMax = 400;

/**
 * When work of `workMs` is done that goes on in windows only; undefined when they do not suffice.
 * @throws Error when the schedule or the window cannot be read
 */
export function endOfWork(schedule: SyncSchedule, now: Date, workMs: number): Date | undefined {
  if (isContinuous(schedule.schedule)) return new Date(now.getTime() + workMs);
  let leftMs = workMs;
  for (const { opens, closes } of nextWindows(schedule, now, windowsForWorkMax)) {
    const beginsMs = Math.max(opens.getTime(), now.getTime());
    const lengthMs = (closes?.getTime() ?? Infinity) - beginsMs;
    if (leftMs <= lengthMs) return new Date(beginsMs + leftMs);
    leftMs -= lengthMs;
  }
  return undefined;
}
