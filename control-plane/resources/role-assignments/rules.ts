// What a role assignment may say. Conditions are refused: one that is accepted and not enforced gives more than was meant.
import { ArmError } from '../../arm/errors.ts';
import { nameOf } from '../../arm/resource-id.ts';
import type { ServicePrincipals } from '../../identity/service-principals.ts';
import type { Resource } from '../../store/resource.ts';
import { findRole } from '../role-definitions/built-in.ts';
import { unknownRole } from '../role-definitions/routes.ts';
import type { RoleAssignmentInput, RoleAssignmentProperties } from './schema.ts';

const guidPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const principalType = 'ServicePrincipal';

/** @throws ArmError InvalidResourceName */
export function checkAssignmentName(name: string): void {
  if (guidPattern.test(name)) return;
  throw new ArmError('InvalidResourceName', `The role assignment ID '${name}' must be a GUID.`);
}

export type AskedAssignment = Omit<RoleAssignmentProperties, 'scope'>;

/** @throws ArmError NotImplemented, RoleDefinitionDoesNotExist, PrincipalNotFound, UnmatchedPrincipalType */
export async function checkAssignment(
  input: RoleAssignmentInput,
  servicePrincipals: ServicePrincipals,
): Promise<AskedAssignment> {
  if (input.condition ?? input.delegatedManagedIdentityResourceId) {
    throw new ArmError('NotImplemented', 'This control plane does not offer conditions on role assignments.');
  }
  const role = findRole(nameOf(input.roleDefinitionId));
  if (!role) throw unknownRole(nameOf(input.roleDefinitionId));
  const principal = await servicePrincipals.get(input.principalId);
  if (!principal?.enabled || principal.objectId !== input.principalId.toLowerCase()) {
    throw new ArmError(
      'PrincipalNotFound',
      `Principal ${input.principalId} does not exist in the directory of this control plane. A role is given to the object id of a service principal, which 'acrc ad sp list' shows as id.`,
    );
  }
  if (input.principalType && input.principalType.toLowerCase() !== principalType.toLowerCase()) {
    throw new ArmError(
      'UnmatchedPrincipalType',
      `The PrincipalId '${principal.objectId}' has type '${principalType}', which is different from specified PrincipalType '${input.principalType}'.`,
    );
  }
  return {
    role: role.guid,
    principalId: principal.objectId,
    description: input.description ?? undefined,
  };
}

/** @throws ArmError RoleAssignmentUpdateNotPermitted: only the description may change */
export function checkUpdate(before: Resource<RoleAssignmentProperties>, asked: AskedAssignment): void {
  const { role, principalId } = before.properties;
  if (role === asked.role && principalId === asked.principalId) return;
  throw new ArmError(
    'RoleAssignmentUpdateNotPermitted',
    'Tenant ID, application ID, principal ID, role definition ID and scope are not allowed to be updated.',
  );
}
