// What roles allow in a registry: the actions of ARM that stand for pulling, pushing and deleting (Azure Container
// Registry, "Roles and permissions"), and what they are called inside.
import { compileGrants, type Grants, type RepositoryAction } from '../../registry-node/oci/scope.ts';
import type { Permissions } from '../arm/permissions.ts';

const provider = 'Microsoft.ContainerRegistry/registries';
const granted: readonly { action: string; grants: readonly RepositoryAction[] }[] = [
  { action: `${provider}/pull/read`, grants: ['content/read', 'metadata/read'] },
  { action: `${provider}/push/write`, grants: ['content/write', 'metadata/write'] },
  { action: `${provider}/artifacts/delete`, grants: ['content/delete'] },
];

/** Undefined for who may do nothing there. */
export function roleGrants(permissions: Permissions, registryId: string): Grants | undefined {
  const allowed = granted.filter(({ action }) => permissions.may(action, registryId));
  if (allowed.length === 0) return undefined;
  return compileGrants(allowed.flatMap(({ grants }) => grants.map((grant) => `repositories/*/${grant}`)));
}
