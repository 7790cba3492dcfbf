// `az role definition list`.
import { command } from '../../../command.ts';
import { listDefinitions, type RoleDefinition } from '../../../client/roles.ts';
import { text } from '../../../parse/option.ts';
import { roleDefinitionView } from '../../../views/role.ts';
import { scopeOf, scopeOptions } from '../options.ts';

export default command({
  options: { name: text('--name -n', 'Only the role of this name or GUID.'), ...scopeOptions },
  examples: [
    { purpose: 'List the roles there are.', line: 'acrc role definition list -o table' },
    {
      purpose: 'See what one role allows.',
      line: 'acrc role definition list --name AcrPull --query [0].permissions',
    },
  ],
  view: roleDefinitionView,
  async run({ name, ...place }, context) {
    const all = await listDefinitions(await context.arm(), await scopeOf(context, place));
    return all
      .filter((role) => name === undefined || [role.name, role.properties.roleName].includes(name))
      .map(withRoleType);
  },
});

/** az calls it so, because `type` is the resource's. */
function withRoleType({ properties: { type, ...properties }, ...role }: RoleDefinition): object {
  return { ...role, properties: { ...properties, roleType: type } };
}
