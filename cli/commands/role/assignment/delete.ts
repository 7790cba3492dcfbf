// `az role assignment delete`: counts from the next request on.
import { command } from '../../../command.ts';
import { findAssignments } from '../../../client/find-assignments.ts';
import { deleteAssignment } from '../../../client/roles.ts';
import { yes } from '../../../options/yes.ts';
import { failure } from '../../../errors.ts';
import { flag, list, text } from '../../../parse/option.ts';
import { assigneeOption, scopeOf, scopeOptions } from '../options.ts';

export default command({
  options: {
    ids: list('--ids', 'Ids of role assignments; nothing else is looked at.'),
    ...scopeOptions,
    assignee: assigneeOption,
    role: text('--role', 'Only this role, by its name or id.'),
    includeInherited: flag('--include-inherited', 'Also what is given above the scope.'),
    yes,
  },
  examples: [
    {
      purpose: 'Take a role away.',
      line: 'acrc role assignment delete --assignee 00000000-1111-4222-8333-444444444444 --role AcrPush -g acr-rg',
    },
    {
      purpose: 'Take every role in a resource group away from it.',
      line: 'acrc role assignment delete --assignee 00000000-1111-4222-8333-444444444444 -g acr-rg --yes',
    },
  ],
  async run({ ids, assignee, role, includeInherited, yes, ...place }, context) {
    const arm = await context.arm();
    if (ids) {
      for (const id of ids) await deleteAssignment(arm, id);
      return;
    }
    const narrowed = (assignee ?? role ?? place.scope ?? place.group) !== undefined;
    if (!narrowed)
      await context.confirm(
        'This will delete all role assignments under the subscription. Are you sure?',
        yes,
      );
    const scope = await scopeOf(context, place);
    const found = await findAssignments(context, { scope, assignee, role, includeInherited });
    if (found.length === 0) throw failure('No matched assignments were found to delete');
    for (const { id } of found) await deleteAssignment(arm, id);
  },
});
