// What a node of this machine says of itself, beside what is written down about its process: asked through the socket in its
// data folder, so it is known while the parent and the control plane are out of reach.
import type { NodeStatus } from '../../registry-node/gateway/protocol.ts';
import type { Standing } from '../../registry-node/sync/standing.ts';
import { type ProcessStatus, statusOf } from './find.ts';
import type { RunRecord } from './run-record.ts';

export interface NodeProcessStatus extends ProcessStatus {
  /** Null: it does not run, or cannot be asked. */
  sync: SyncStatus | null;
}

export interface SyncStatus {
  state: Standing['standing'];
  /** When its sync window opens; null while it is open. */
  opens: string | null;
  lastSyncTime: string | null;
  storedBytes: number;
  freeBytes: number | null;
  /** Of what is being copied, as far as it is known; null before the first copy. */
  outstandingBytes: number | null;
  bytesPerSecond: number | null;
  /** Null: there is nothing to copy, or its speed was not measured yet. */
  secondsLeft: number | null;
  /** Content that passed between it and its parent, and that did not have to: of the last synchronisation, and in all. */
  traffic: NodeStatus['traffic'] | null;
  /** What is wrong, why, and what to do. */
  troubles: { code: string; description: string; since: string }[];
}

/** A node that hangs keeps nobody waiting. */
const answerTimeoutMs = 5000;

export async function nodeStatusOf(record: RunRecord): Promise<NodeProcessStatus> {
  const status = await statusOf(record);
  return { ...status, sync: status.state === 'Running' ? await ask(record) : null };
}

async function ask(record: RunRecord): Promise<SyncStatus | null> {
  const { askServer } = await import('../client/control-socket.ts');
  try {
    // What `status` in registry-node/sync/connect.ts answers.
    return toSync((await askServer(record, 'GET', '/status', answerTimeoutMs)) as Answer);
  } catch {
    return null;
  }
}

type Answer = NodeStatus & Partial<Standing>;

function toSync(answer: Answer): SyncStatus {
  const { outstandingBytes, bytesPerSecond = null, lastSyncTime = null } = answer;
  const { freeBytes = null, traffic = null } = answer;
  const isMeasured = outstandingBytes > 0 && bytesPerSecond !== null && bytesPerSecond > 0;
  return {
    // One that an older version started says less.
    state: answer.standing ?? answer.state,
    opens: answer.opens ?? null,
    lastSyncTime,
    storedBytes: answer.storedBytes,
    freeBytes,
    outstandingBytes: lastSyncTime === null && outstandingBytes === 0 ? null : outstandingBytes,
    bytesPerSecond,
    secondsLeft: isMeasured ? Math.ceil(outstandingBytes / bytesPerSecond) : null,
    traffic,
    troubles: answer.statusDetails.map(({ code, description, timestamp }) => ({
      code,
      description,
      since: timestamp,
    })),
  };
}
