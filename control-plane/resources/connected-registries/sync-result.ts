// `registrySyncResult`: how the last full sync of a connected registry went, and what led to it. Directly below the
// cloud its beginning is known to the second; of a nested one it is known when it was asked for.
import { offsetTime } from '../../arm/instant.ts';
import type { Report } from '../../store/reports.ts';
import { hasTrouble, isActive, stoppedAt } from './state.ts';
import type { ConnectedRegistryProperties } from './schema.ts';

export type SyncState = 'NotActivated' | 'Pending' | 'Syncing' | 'Succeeded' | 'Failed' | 'TimedOut';

interface Outcome {
  syncState: SyncState;
  /** Of the last sync that ended, however it did. */
  ended: Date | string | undefined;
}

export function toSyncResult(
  properties: ConnectedRegistryProperties,
  report: Report | undefined,
  now: Date,
): object {
  const { fullSync, pendingFullSync, status } = report ?? {};
  const begun = pendingFullSync ? undefined : fullSync?.at;
  const { syncState, ended } = outcomeOf(properties, report, now);
  return {
    syncTrigger: pendingFullSync ?? fullSync?.trigger ?? 'InitialSync',
    syncState,
    lastSyncStartTime: begun && offsetTime(begun),
    lastSyncEndTime: ended && offsetTime(ended),
    lastSuccessfulSyncEndTime: status?.lastSyncTime && offsetTime(status.lastSyncTime),
  };
}

/**
 * A round that leaves something undone does not end the sync: it goes on, or has failed while there is trouble, or has timed out
 * when its window closed or the node fell silent. The node itself goes on with any of these as soon as it can.
 */
function outcomeOf(properties: ConnectedRegistryProperties, report: Report | undefined, now: Date): Outcome {
  const { fullSync, pendingFullSync, heardAt, status } = report ?? {};
  const succeeded = status?.lastSyncTime;
  if (!status || !isActive(properties, report)) return { syncState: 'NotActivated', ended: succeeded };
  if (pendingFullSync) return { syncState: 'Pending', ended: succeeded };
  const isDone = succeeded !== undefined && Date.parse(succeeded) >= Date.parse(fullSync?.at ?? succeeded);
  if (isDone) return { syncState: 'Succeeded', ended: succeeded };
  if (hasTrouble(status)) return { syncState: 'Failed', ended: status.statusDetails.at(-1)?.timestamp };
  const isUnderWay = status.state === 'Syncing' || fullSync !== undefined;
  if (!isUnderWay) return { syncState: 'Pending', ended: succeeded };
  const stopped = heardAt && stoppedAt(properties, heardAt, now);
  return stopped ? { syncState: 'TimedOut', ended: stopped } : { syncState: 'Syncing', ended: succeeded };
}
