// `az group show`.
import { command } from '../../command.ts';
import { groupOptions, groupPath } from './options.ts';
import { groupView } from '../../views/group.ts';

export default command({
  options: groupOptions,
  examples: [
    { purpose: 'Show a resource group.', line: 'acrc group show --name acr-rg' },
    {
      purpose: 'Get the location of a resource group.',
      line: 'acrc group show -n acr-rg --query location -o tsv',
    },
  ],
  view: groupView,
  async run({ name }, context) {
    return (await context.arm()).get(await groupPath(context, name));
  },
});
