// `az acr list`.
import { command } from '../../command.ts';
import { text } from '../../parse/option.ts';
import { registryView } from '../../views/registry.ts';

export default command({
  options: {
    group: text('--resource-group -g', 'Name of the resource group. Absent: the whole subscription.', {
      configured: 'group',
      resource: 'group',
    }),
  },
  examples: [
    { purpose: 'List the registries of a resource group.', line: 'acrc list -g acr-rg -o table' },
    { purpose: 'List the login servers of all registries.', line: 'acrc list --query [].loginServer -o tsv' },
  ],
  view: registryView,
  async run({ group }, context) {
    const scope = group === undefined ? '' : `/resourceGroups/${encodeURIComponent(group)}`;
    const arm = await context.arm();
    return arm.list(
      `/subscriptions/${await context.subscription()}${scope}/providers/Microsoft.ContainerRegistry/registries`,
    );
  },
});
