// The node's half of a round: who it is, where it stands, how it and everyone below it are.
import type { SyncRequest } from '../gateway/protocol.ts';
import type { SyncContext } from './context.ts';

/** How long a round waits at the parent: below the 60 s after which proxies give up, with room for a slow link. */
export const waitSeconds = 50;

export async function roundRequest(
  { instanceId, directory, children, state, status }: SyncContext,
  options: Pick<SyncRequest, 'waitSeconds' | 'reportOnly' | 'hearsApplied' | 'fullSyncAfter'>,
): Promise<SyncRequest> {
  const { pull } = state.value;
  return {
    instanceId,
    ...pull,
    ...(directory.revision === undefined ? {} : { revision: directory.revision }),
    ...options,
    status: await status.snapshot(),
    descendants: children.descendants(),
  };
}
