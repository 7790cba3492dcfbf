// Role assignments on the wire (Microsoft.Authorization 2022-04-01) and at rest.
import { z } from 'zod';
import { resourceTypes } from '../../arm/resource-id.ts';
import { resourceKind, type Resource } from '../../store/resource.ts';

export interface RoleAssignmentProperties {
  /** The last segment of its role definition's id. */
  role: string;
  /** Object id of the service principal. */
  principalId: string;
  /** The id that it is given for, and for everything inside, as it was spelled. */
  scope: string;
  description: string | undefined;
}

export const roleAssignmentKind = resourceKind<RoleAssignmentProperties>(resourceTypes.roleAssignment);

export const roleAssignmentPutSchema = z.object({
  properties: z.object({
    roleDefinitionId: z.string(),
    principalId: z.string(),
    principalType: z.string().nullish(),
    description: z.string().max(1024).nullish(),
    condition: z.string().nullish(),
    conditionVersion: z.string().nullish(),
    delegatedManagedIdentityResourceId: z.string().nullish(),
  }),
});
export type RoleAssignmentInput = z.infer<typeof roleAssignmentPutSchema>['properties'];

/** @param subscription the id of the subscription, below which ARM names role definitions */
export function toRoleAssignment(
  { id, type, name, systemData, properties }: Resource<RoleAssignmentProperties>,
  subscription: string,
): object {
  const { role, principalId, scope, description } = properties;
  return {
    properties: {
      roleDefinitionId: roleDefinitionId(subscription, role),
      principalId,
      principalType: 'ServicePrincipal',
      scope,
      condition: null,
      conditionVersion: null,
      createdOn: systemData.createdAt,
      updatedOn: systemData.lastModifiedAt,
      createdBy: systemData.createdBy,
      updatedBy: systemData.lastModifiedBy,
      delegatedManagedIdentityResourceId: null,
      description: description ?? null,
    },
    id,
    type,
    name,
  };
}

/** @param subscription its id, or nothing for the form that is the same everywhere */
export function roleDefinitionId(subscription: string, guid: string): string {
  return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
}
