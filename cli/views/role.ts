// How roles and their assignments are shown.
import { column, type View } from '../output/view.ts';

export const roleAssignmentView: View = {
  fields: {
    condition: null,
    conditionVersion: null,
    createdBy: null,
    createdOn: null,
    delegatedManagedIdentityResourceId: null,
    description: null,
    principalId: null,
    principalType: null,
    roleDefinitionId: null,
    scope: null,
    updatedBy: null,
    updatedOn: null,
  },
  columns: {
    Principal: column('principalName'),
    Role: column('roleDefinitionName'),
    Scope: column('scope'),
  },
};

export const roleDefinitionView: View = {
  columns: {
    Name: column('roleName'),
    Type: column('roleType'),
    Description: column('description'),
  },
};
