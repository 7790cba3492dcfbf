// `az role assignment list`, with the names of roles and principals beside their ids.
import { command } from '../../../command.ts';
import { findAssignments } from '../../../client/find-assignments.ts';
import type { DirectoryObject } from '../../../client/graph.ts';
import { listDefinitions, type RoleAssignment } from '../../../client/roles.ts';
import { failure } from '../../../errors.ts';
import { flag, text } from '../../../parse/option.ts';
import { roleAssignmentView } from '../../../views/role.ts';
import { assigneeOption, scopeOf, scopeOptions } from '../options.ts';

export default command({
  options: {
    ...scopeOptions,
    assignee: assigneeOption,
    role: text('--role', 'Only this role, by its name or id.'),
    all: flag('--all', 'Everywhere in the subscription.'),
    includeInherited: flag('--include-inherited', 'Also what is given above the scope.'),
  },
  examples: [
    { purpose: 'List who may do what, everywhere.', line: 'acrc role assignment list --all -o table' },
    {
      purpose: 'List what one service principal may do.',
      line: 'acrc role assignment list --assignee 00000000-1111-4222-8333-444444444444 --all -o table',
    },
  ],
  view: roleAssignmentView,
  async run({ assignee, role, all, includeInherited, ...place }, context) {
    if (all && (place.scope ?? place.group) !== undefined)
      throw failure('group or scope are not required when --all is used');
    const scope = all ? undefined : await scopeOf(context, place);
    const found = await findAssignments(context, { scope, assignee, role, includeInherited });
    if (found.length === 0) return [];
    const roles = await listDefinitions(
      await context.arm(),
      `/subscriptions/${await context.subscription()}`,
    );
    const principals = await (await context.graph()).list<DirectoryObject>('/servicePrincipals');
    const nameOf = ({ roleDefinitionId, principalId }: RoleAssignment['properties']): object => ({
      principalName: principals.find(({ id }) => id === principalId)?.appId ?? '',
      roleDefinitionName: roles.find(({ id }) => id === roleDefinitionId)?.properties.roleName ?? null,
    });
    return found.map((assignment) => Object.assign(nameOf(assignment.properties), assignment));
  },
});
