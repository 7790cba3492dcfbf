// Which role assignments the options of a command mean.
import type { Context } from '../context.ts';
import { findPrincipal } from './graph.ts';
import { findRole, listAssignments, type RoleAssignment } from './roles.ts';

export interface Wanted {
  /** Undefined: everywhere in the subscription. */
  scope: string | undefined;
  assignee: string | undefined;
  role: string | undefined;
  /** Also those that are given above the scope. */
  includeInherited: boolean;
}

export async function findAssignments(context: Context, wanted: Wanted): Promise<RoleAssignment[]> {
  const { scope, assignee, role, includeInherited } = wanted;
  const arm = await context.arm();
  const subscription = `/subscriptions/${await context.subscription()}`;
  const all = await listAssignments(
    arm,
    scope ?? subscription,
    scope === undefined ? undefined : 'atScope()',
  );
  const principal =
    assignee === undefined ? undefined : (await findPrincipal(await context.graph(), assignee)).id;
  const definition = role === undefined ? undefined : await findRole(arm, scope ?? subscription, role);
  return all.filter(
    ({ properties }) =>
      (scope === undefined || includeInherited || same(properties.scope, scope)) &&
      (principal === undefined || same(properties.principalId, principal)) &&
      (definition === undefined || same(properties.roleDefinitionId, definition.id)),
  );
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
