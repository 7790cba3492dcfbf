// Resource groups: a name, a location and tags that registries live in.
import { z } from 'zod';
import { readOnlyEnvelope, readOnlyState } from '../../arm/read-only.ts';
import { resourceTypes } from '../../arm/resource-id.ts';
import { type Resource, resourceKind } from '../../store/resource.ts';

export interface ResourceGroupProperties {
  /** Absent: it is there. */
  provisioningState?: 'Deleting' | undefined;
}
export const resourceGroupKind = resourceKind<ResourceGroupProperties>(resourceTypes.resourceGroup);

/** Azure Resource Manager, "Use tags": at most 50, names of 512 and values of 256 characters. */
const tagsMax = 50;
export const tagsSchema = z
  .record(
    z
      .string()
      .min(1)
      .max(512)
      .regex(/^[^<>%&\\?/]*$/, 'tag names do not hold any of < > % & \\ ? /'),
    z.string().max(256),
  )
  .refine((tags) => Object.keys(tags).length <= tagsMax, `a resource has at most ${tagsMax} tags`);

const members = {
  ...readOnlyEnvelope,
  tags: tagsSchema.nullish(),
  managedBy: z.null().optional(),
  properties: z.strictObject(readOnlyState).nullish(),
};
export const resourceGroupPutSchema = z.strictObject({ ...members, location: z.string().min(1) });
export const resourceGroupPatchSchema = z.strictObject({ ...members, location: z.string().nullish() });

export function toResourceGroup({
  id,
  name,
  type,
  location,
  tags,
  properties,
}: Resource<ResourceGroupProperties>): object {
  const { provisioningState = 'Succeeded' } = properties;
  return { id, name, type, location, tags, properties: { provisioningState } };
}
