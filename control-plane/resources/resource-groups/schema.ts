// Resource groups: a name, a location and tags that registries live in.
import { z } from 'zod';
import { resourceTypes } from '../../arm/resource-id.ts';
import { type Resource, resourceKind } from '../../store/resource.ts';

export type ResourceGroupProperties = Record<string, never>;
export const resourceGroupKind = resourceKind<ResourceGroupProperties>(resourceTypes.resourceGroup);

export const tagsSchema = z.record(z.string().min(1).max(512), z.string().max(256));

export const resourceGroupPutSchema = z.object({ location: z.string().min(1), tags: tagsSchema.optional() });
export const resourceGroupPatchSchema = z.object({ tags: tagsSchema.optional() });

export function toResourceGroup({
  id,
  name,
  type,
  location,
  tags,
}: Resource<ResourceGroupProperties>): object {
  return { id, name, type, location, tags, properties: { provisioningState: 'Succeeded' } };
}
