// A replication: another region of a registry (Azure REST API, Replications). Here it is a record of the wish and no
// second copy of anything: there is one machine.
import { z } from 'zod';
import { enumeration } from '../../arm/enumeration.ts';
import { type Envelope, toEnvelope } from '../../arm/envelope.ts';
import { zuluTime } from '../../arm/instant.ts';
import { readOnly, readOnlyEnvelope, readOnlyState } from '../../arm/read-only.ts';
import { resourceTypes } from '../../arm/resource-id.ts';
import { type Resource, resourceKind } from '../../store/resource.ts';
import { tagsSchema } from '../resource-groups/schema.ts';

export interface ReplicationProperties {
  regionEndpointEnabled: boolean;
  zoneRedundancy: 'Enabled' | 'Disabled';
}
export const replicationKind = resourceKind<ReplicationProperties>(resourceTypes.replication);

const readOnlyMembers = { ...readOnlyState, ...readOnly('status') };
const zoneRedundancy = enumeration(['Enabled', 'Disabled']);

export const replicationPutSchema = z.strictObject({
  ...readOnlyEnvelope,
  location: z.string().min(1),
  tags: tagsSchema.nullish(),
  properties: z
    .strictObject({
      ...readOnlyMembers,
      regionEndpointEnabled: z.boolean().nullish(),
      zoneRedundancy: zoneRedundancy.nullish(),
    })
    .nullish(),
});
export const replicationPatchSchema = z.strictObject({
  ...readOnlyEnvelope,
  tags: tagsSchema.nullish(),
  properties: z.strictObject({ ...readOnlyMembers, regionEndpointEnabled: z.boolean().nullish() }).nullish(),
});

/** @param provisioningState what the caller is told while its operation counts as running */
export function toReplication(
  replication: Resource<ReplicationProperties>,
  provisioningState: 'Succeeded' | 'Creating' | 'Updating' = 'Succeeded',
): Envelope {
  const { regionEndpointEnabled, zoneRedundancy } = replication.properties;
  const displayStatus = provisioningState === 'Succeeded' ? 'Ready' : undefined;
  return toEnvelope(replication, {
    provisioningState,
    status: { displayStatus, timestamp: zuluTime(replication.systemData.lastModifiedAt) },
    regionEndpointEnabled,
    zoneRedundancy,
  });
}
