// `registrySyncResult`: how the last full sync of a connected registry went, and what led to it. Directly below the
// cloud its beginning is known to the second; of a nested one it is known when it was asked for.
import { offsetTime } from '../../arm/instant.ts';
import type { Report } from '../../store/reports.ts';
import { hasTrouble, isActive } from './state.ts';
import type { ConnectedRegistryProperties } from './schema.ts';

type SyncState = 'NotActivated' | 'Pending' | 'Syncing' | 'Succeeded' | 'Failed';

export function toSyncResult(properties: ConnectedRegistryProperties, report: Report | undefined): object {
  const { fullSync, pendingFullSync, status } = report ?? {};
  const begun = pendingFullSync ? undefined : fullSync?.at;
  const ended = status?.lastSyncTime;
  return {
    syncTrigger: pendingFullSync ?? fullSync?.trigger ?? 'InitialSync',
    syncState: stateOf(properties, report),
    lastSyncStartTime: begun && offsetTime(begun),
    lastSyncEndTime: ended && offsetTime(ended),
    lastSuccessfulSyncEndTime: ended && offsetTime(ended),
  };
}

/** A round that leaves something undone does not end the sync: it goes on, or has failed while there is trouble. */
function stateOf(properties: ConnectedRegistryProperties, report: Report | undefined): SyncState {
  if (!report?.status || !isActive(properties, report)) return 'NotActivated';
  const { fullSync, pendingFullSync, status } = report;
  if (pendingFullSync) return 'Pending';
  const asked = fullSync?.at ?? '';
  if (status.lastSyncTime !== undefined && Date.parse(status.lastSyncTime) >= (Date.parse(asked) || 0))
    return 'Succeeded';
  if (hasTrouble(status)) return 'Failed';
  return status.state === 'Syncing' || fullSync ? 'Syncing' : 'Pending';
}
