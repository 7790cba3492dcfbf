// Roles over ARM: what a role is called, and giving one.
import { randomUUID } from 'node:crypto';
import { failure } from '../errors.ts';
import { type Arm } from './arm.ts';
import { ArmError } from './arm-error.ts';
import type { Resource } from './resources.ts';

export type RoleAssignment = Resource<{
  roleDefinitionId: string;
  principalId: string;
  scope: string;
}>;
export type RoleDefinition = Resource<{ roleName: string; type: string; description: string }>;

const version = 'api-version=2022-04-01';
const provider = 'providers/Microsoft.Authorization';

export function listDefinitions(arm: Arm, scope: string): Promise<RoleDefinition[]> {
  return arm.list(`${scope}/${provider}/roleDefinitions?${version}`);
}

/** @param filter OData; without `atScope()` also what is given below the scope */
export function listAssignments(arm: Arm, scope: string, filter?: string): Promise<RoleAssignment[]> {
  const query = filter === undefined ? '' : `$filter=${encodeURIComponent(filter)}&`;
  return arm.list(`${scope}/${provider}/roleAssignments?${query}${version}`);
}

export async function deleteAssignment(arm: Arm, id: string): Promise<void> {
  await arm.delete(`${id}?${version}`);
}

/** @param role its name, its GUID or its id. @throws CliError as az words it */
export async function findRole(arm: Arm, scope: string, role: string): Promise<RoleDefinition> {
  const asked = role.slice(role.lastIndexOf('/') + 1).toLowerCase();
  const all = await listDefinitions(arm, scope);
  const found = all.find(
    ({ name, properties }) => name.toLowerCase() === asked || properties.roleName.toLowerCase() === asked,
  );
  if (found) return found;
  throw failure(
    `Role '${role}' doesn't exist.`,
    `There are ${all.map(({ properties }) => properties.roleName).join(', ')}.`,
  );
}

export interface AskedRole {
  scope: string;
  role: string;
  /** Object id. */
  principalId: string;
  name?: string | undefined;
  description?: string | undefined;
}

/** @param again it is no error that the role was given before. @returns the assignment, new or as it was */
export async function assignRole(
  arm: Arm,
  { scope, role, principalId, name, description }: AskedRole,
  again = true,
): Promise<RoleAssignment> {
  const definition = await findRole(arm, scope, role);
  const path = `${scope}/${provider}/roleAssignments/${name ?? randomUUID()}?${version}`;
  try {
    return await arm.put<RoleAssignment>(path, {
      properties: {
        roleDefinitionId: definition.id,
        principalId,
        principalType: 'ServicePrincipal',
        ...(description !== undefined && { description }),
      },
    });
  } catch (error) {
    if (!again || !(error instanceof ArmError) || error.code !== 'RoleAssignmentExists') throw error;
    const all = await listAssignments(arm, scope, `principalId eq '${principalId}'`);
    const known = all.find(
      ({ properties }) =>
        properties.scope.toLowerCase() === scope.toLowerCase() &&
        properties.roleDefinitionId.toLowerCase() === definition.id.toLowerCase(),
    );
    if (known) return known;
    throw error;
  }
}
