// A resource at rest. Its `properties` are what its type keeps, which is more than the wire shows (a token's
// verifiers) and less (a connected registry's state is computed when it is read); resources/<type>/schema.ts turns
// one into the other.
import type { ResourceType } from '../arm/resource-id.ts';

export const skus = ['Basic', 'Standard', 'Premium'] as const;
export type SkuName = (typeof skus)[number];

/** Who made and last changed a resource, and when (ISO 8601). */
export interface SystemData {
  createdBy: string;
  createdByType: 'Application' | 'User';
  createdAt: string;
  lastModifiedBy: string;
  lastModifiedByType: 'Application' | 'User';
  lastModifiedAt: string;
}

export interface Resource<Properties> {
  id: string;
  type: ResourceType;
  name: string;
  location?: string | undefined;
  tags?: Record<string, string> | undefined;
  sku?: SkuName | undefined;
  systemData: SystemData;
  properties: Properties;
}

declare const properties: unique symbol;

/** Ties a resource type to the shape of its properties at rest. */
export interface ResourceKind<Properties> {
  readonly type: ResourceType;
  readonly [properties]?: Properties;
}

export function resourceKind<Properties>(type: ResourceType): ResourceKind<Properties> {
  return { type };
}
