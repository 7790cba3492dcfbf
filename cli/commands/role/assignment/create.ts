// `az role assignment create`: making the same one again is no error.
import { command } from '../../../command.ts';
import { findPrincipal } from '../../../client/graph.ts';
import { assignRole } from '../../../client/roles.ts';
import { failure } from '../../../errors.ts';
import { choice, text } from '../../../parse/option.ts';
import { roleAssignmentView } from '../../../views/role.ts';
import { assigneeOption, scopeOf, scopeOptions } from '../options.ts';

export default command({
  options: {
    role: text('--role', 'Role, by its name or id.', { required: true }),
    assignee: assigneeOption,
    assigneeObjectId: text(
      '--assignee-object-id',
      'Object id of a service principal, in place of --assignee.',
    ),
    assigneePrincipalType: choice('--assignee-principal-type', 'What the assignee is.', ['ServicePrincipal']),
    ...scopeOptions,
    description: text('--description', 'What it is for.'),
    name: text('--name -n', 'GUID of the role assignment. Default: a new one.'),
  },
  examples: [
    {
      purpose: 'Let a service principal push to the registries of a resource group.',
      line: 'acrc role assignment create --assignee 00000000-1111-4222-8333-444444444444 --role AcrPush --resource-group acr-rg',
    },
    {
      purpose: 'Let it pull from one registry only.',
      line: 'acrc role assignment create --assignee 00000000-1111-4222-8333-444444444444 --role AcrPull --scope /subscriptions/00000000-1111-4222-8333-444444444444/resourceGroups/acr-rg/providers/Microsoft.ContainerRegistry/registries/myregistry',
    },
  ],
  view: roleAssignmentView,
  async run({ role, assignee, assigneeObjectId, description, name, ...place }, context) {
    if ((assignee === undefined) === (assigneeObjectId === undefined))
      throw failure('usage error: --assignee STRING | --assignee-object-id GUID');
    const scope = await scopeOf(context, place);
    const principalId = assigneeObjectId ?? (await findPrincipal(await context.graph(), assignee!)).id;
    return assignRole(await context.arm(), { scope, role, principalId, name, description });
  },
});
