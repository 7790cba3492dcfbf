// The state that a connected registry shows (docs/operations.md, "When something is wrong"). The clock decides when it is read:
// nothing runs in the background, and a node that fell silent is Offline after a restart of the control plane as
// well.
import { durationMs } from '../../../registry-node/duration.ts';
import { informationalStatusCodes, type NodeStatus } from '../../../registry-node/gateway/protocol.ts';
import { isContinuous, nextWindows, windowAt } from '../../../registry-node/sync-window.ts';
import type { Report } from '../../store/reports.ts';
import { nextOccurrence } from './schedule.ts';
import type { ConnectedRegistryProperties } from './schema.ts';

export type ConnectionState = 'Online' | 'Offline' | 'Syncing' | 'Unhealthy';

const silenceMsMin = 5 * 60 * 1000;

/** Directly below the cloud an instance holds the name; deeper down, the node's own parent says whether one does. */
export function isActive({ parentId }: ConnectedRegistryProperties, report: Report | undefined): boolean {
  return parentId === undefined ? report?.instance !== undefined : report?.status?.active === true;
}

export function connectionState(
  properties: ConnectedRegistryProperties,
  report: Report | undefined,
  now: Date,
): ConnectionState {
  if (!report?.heardAt || !report.status || !isActive(properties, report)) return 'Offline';
  if (now > silentFrom(properties, report.heardAt)) return 'Offline';
  if (hasTrouble(report.status)) return 'Unhealthy';
  if (report.status.state !== 'Syncing') return report.status.state;
  return stoppedAt(properties, report.heardAt, now) ? 'Online' : 'Syncing';
}

/**
 * When the node that was last heard at `heardAt` stopped what it was doing: with its window, or with the last that was heard of it
 * when it is silent for too long. Undefined while it may be at it.
 */
export function stoppedAt(
  properties: ConnectedRegistryProperties,
  heardAt: Date,
  now: Date,
): Date | undefined {
  const [window] = nextWindows(properties, heardAt, 1);
  const closes = window && window.opens <= heardAt ? window.closes : undefined;
  if (closes && closes <= now) return closes;
  const isShut = !isContinuous(properties.schedule) && !windowAt(properties, now).open;
  return isShut || now > silentFrom(properties, heardAt) ? heardAt : undefined;
}

/** Whether a status tells of something that is wrong, and not only of something to know. */
export function hasTrouble(status: NodeStatus): boolean {
  return status.statusDetails.some(({ code }) => !informationalStatusCodes.includes(code));
}

/** When a node that was last heard at `heardAt` counts as gone. */
function silentFrom({ schedule, syncWindow }: ConnectedRegistryProperties, heardAt: Date): Date {
  const least = new Date(heardAt.getTime() + silenceMsMin);
  const isWindowed = !isContinuous(schedule) && syncWindow !== undefined;
  const occurrences = isWindowed ? 1 : 3;
  let last: Date | undefined = heardAt;
  for (let passed = 0; passed < occurrences && last; passed++) last = nextOccurrence(schedule, last);
  if (!last) return least;
  const windowMs = isWindowed ? durationMs(syncWindow) : 0;
  return new Date(Math.max(least.getTime(), last.getTime() + windowMs));
}
