// A scope map: a named list of rules (Azure REST API, Scope Maps).
import { z } from 'zod';
import { type Envelope, toEnvelope } from '../../arm/envelope.ts';
import { offsetTime } from '../../arm/instant.ts';
import { readOnly, readOnlyEnvelope, readOnlyState } from '../../arm/read-only.ts';
import { resourceTypes } from '../../arm/resource-id.ts';
import { type Resource, resourceKind } from '../../store/resource.ts';

export interface ScopeMapProperties {
  kind: 'UserDefined' | 'SystemDefined';
  description?: string | undefined;
  /** ISO 8601. */
  creationDate: string;
  actions: string[];
}
export const scopeMapKind = resourceKind<ScopeMapProperties>(resourceTypes.scopeMap);

const readOnlyMembers = { ...readOnlyState, ...readOnly('type') };
const description = z.string().max(256).nullish();

export const scopeMapPutSchema = z.strictObject({
  ...readOnlyEnvelope,
  properties: z.strictObject({ ...readOnlyMembers, description, actions: z.array(z.string()) }),
});
export const scopeMapPatchSchema = z.strictObject({
  ...readOnlyEnvelope,
  properties: z
    .strictObject({ ...readOnlyMembers, description, actions: z.array(z.string()).nullish() })
    .nullish(),
});

/** @param provisioningState what the caller is told while its operation counts as running */
export function toScopeMap(
  scopeMap: Resource<ScopeMapProperties>,
  provisioningState: 'Succeeded' | 'Updating' = 'Succeeded',
): Envelope {
  const { kind, description, creationDate, actions } = scopeMap.properties;
  return toEnvelope(scopeMap, {
    description,
    type: kind,
    creationDate: offsetTime(creationDate),
    provisioningState,
    actions,
  });
}
