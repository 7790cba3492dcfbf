// How the node's synchronisation stands, in a word for the person beside the machine. The cloud's word for it
// (`connectionState`) counts from when it last heard of the node; this one is known while the link is cut.
import { informationalStatusCodes, type NodeStatus } from '../gateway/protocol.ts';
import type { SyncContext } from './context.ts';
import { currentWindow } from './current-window.ts';

export interface Standing {
  /**
   * `Waiting`: its sync window is closed. `Offline`: its parent does not answer, or refuses it. `Unhealthy`: something is wrong
   * here, which its troubles tell. It serves what it has in each of them.
   */
  standing: 'Online' | 'Syncing' | 'Waiting' | 'Offline' | 'Unhealthy';
  /** When the window opens, ISO 8601; absent while it is open. */
  opens?: string;
}

export function standingOf(
  { clock, directory, status }: Pick<SyncContext, 'clock' | 'directory' | 'status'>,
  { state, statusDetails }: NodeStatus,
): Standing {
  const window = currentWindow(directory.configuration, clock.now());
  if (!window.open) return { standing: 'Waiting', opens: window.opens.toISOString() };
  if (!status.parentUp) return { standing: 'Offline' };
  const isWell = statusDetails.every(({ code }) => informationalStatusCodes.includes(code));
  return { standing: isWell ? state : 'Unhealthy' };
}
