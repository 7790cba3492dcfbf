// When a connected registry may synchronise next, and for how long.
import {
  durationBounds,
  durationMs,
  isContinuous,
  nextOccurrence,
} from '../../resources/connected-registries/schedule.ts';

export interface SyncWindow {
  continuous: boolean;
  /** The one that is open, or the next; absent when the schedule is continuous or has no occurrence. */
  opens?: Date | undefined;
  closes?: Date | undefined;
  open: boolean;
}

/** As a node reads a schedule without a window. */
const windowDefault = durationBounds.syncWindow.from.text;

export function syncWindowAt(
  { schedule, syncWindow }: { schedule: string; syncWindow?: string | undefined },
  now: Date,
): SyncWindow {
  if (isContinuous(schedule)) return { continuous: true, open: true };
  const lastsMs = durationMs(syncWindow ?? windowDefault) ?? 0;
  // The first one that has not closed yet: windows may overlap.
  const opens = nextOccurrence(schedule, new Date(now.getTime() - lastsMs));
  if (!opens) return { continuous: false, open: false };
  return { continuous: false, opens, closes: new Date(opens.getTime() + lastsMs), open: opens <= now };
}
