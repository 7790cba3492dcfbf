// `az group list`.
import { command } from '../../command.ts';
import { groupsView } from '../../views/group.ts';

export default command({
  options: {},
  examples: [
    { purpose: 'List the resource groups as a table.', line: 'acrc group list --output table' },
    { purpose: 'List the names alone.', line: 'acrc group list --query [].name -o tsv' },
  ],
  view: groupsView,
  async run(_, context) {
    const arm = await context.arm();
    return arm.list(`/subscriptions/${await context.subscription()}/resourcegroups?api-version=2021-04-01`);
  },
});
