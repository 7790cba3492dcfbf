// `az group list`.
import { command } from '../../command.ts';
import { groupView } from '../../views/group.ts';

export default command({
  options: {},
  examples: [{ purpose: 'List the resource groups as a table.', line: 'acrc group list --output table' }],
  view: groupView,
  async run(_, context) {
    const arm = await context.arm();
    return arm.list(`/subscriptions/${await context.subscription()}/resourcegroups?api-version=2021-04-01`);
  },
});
