// `statusDetails` as the wire shows them: what is wrong at the node, and from 2026-09-01-preview on how much room its disk has,
// which is something to know and makes nobody Unhealthy. Older clients take every entry for a trouble.
import type { NodeStatus } from '../../../registry-node/gateway/protocol.ts';
import { isKnown, type Since } from '../../arm/versioned.ts';

const diskCapacity: Since = { preview: '2026-09-01' };
const gibibyte = 1024 ** 3;
/** It is about no request. */
const noCorrelation = '00000000-0000-0000-0000-000000000000';

/** @param version the client's api-version */
export function toStatusDetails(status: NodeStatus | undefined, version: string): object[] {
  const { totalBytes, freeBytes } = status ?? {};
  const troubles = status?.statusDetails ?? [];
  if (!status || totalBytes === undefined || freeBytes === undefined || !isKnown(version, diskCapacity))
    return troubles;
  const capacity = {
    type: 'Disk',
    code: 'DiskCapacityMetrics',
    description: 'Disk space available on the connected registry.',
    timestamp: status.lastActivityTime,
    correlationId: noCorrelation,
    totalGib: toGib(totalBytes),
    availableGib: toGib(freeBytes),
  };
  return [...troubles, capacity];
}

function toGib(bytes: number): number {
  return Math.round((bytes / gibibyte) * 100) / 100;
}
