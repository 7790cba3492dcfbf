// Who has which roles: the role assignments, kept in memory by principal, because every request asks. A change of them
// counts from the next request on.
import type { Permissions } from '../arm/permissions.ts';
import { isWithin, keyOf, type ResourceKey } from '../arm/resource-id.ts';
import { roleAssignmentKind } from '../resources/role-assignments/schema.ts';
import { allows, findRole, type Role } from '../resources/role-definitions/built-in.ts';
import type { Resources } from '../store/resources.ts';

export interface Roles {
  /** Of a service principal, by its object id; nobody's roles allow nothing. */
  permissionsOf(principalId: string): Promise<Permissions>;
  /** Calls `listener` after each change. @returns the call that ends it */
  onChange(listener: () => void): () => void;
}

interface Assigned {
  role: Role;
  scope: ResourceKey;
}

const segment = `/providers/${roleAssignmentKind.type}/`.toLowerCase();

export function createRoles(resources: Resources): Roles {
  let assigned: Promise<ReadonlyMap<string, Assigned[]>> | undefined;
  const listeners = new Set<() => void>();
  resources.onChange((keys) => {
    if (![...keys].some((key) => key.includes(segment))) return;
    assigned = undefined;
    for (const listener of listeners) listener();
  });
  const read = (): Promise<ReadonlyMap<string, Assigned[]>> => {
    const reading = readAssigned(resources);
    assigned = reading;
    reading.catch(() => {
      if (assigned === reading) assigned = undefined;
    });
    return reading;
  };
  return {
    permissionsOf: async (principalId) => toPermissions((await (assigned ?? read())).get(principalId) ?? []),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function readAssigned(resources: Resources): Promise<ReadonlyMap<string, Assigned[]>> {
  const found = new Map<string, Assigned[]>();
  for (const { properties } of await resources.all(roleAssignmentKind)) {
    const role = findRole(properties.role);
    if (!role) continue;
    const of = found.get(properties.principalId) ?? [];
    of.push({ role, scope: keyOf(properties.scope) });
    found.set(properties.principalId, of);
  }
  return found;
}

function toPermissions(assigned: readonly Assigned[]): Permissions {
  return {
    may: (action, scope) => {
      const key = keyOf(scope);
      return assigned.some((each) => isWithin(key, each.scope) && allows(each.role, action));
    },
    hasRoleWithin: (scope) => {
      const key = keyOf(scope);
      return assigned.some((each) => isWithin(key, each.scope) || isWithin(each.scope, key));
    },
  };
}
