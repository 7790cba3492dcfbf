// `az group show`.
import { command } from '../../command.ts';
import { groupOptions, groupPath } from './options.ts';
import { groupView } from '../../views/group.ts';

export default command({
  options: groupOptions,
  examples: [{ purpose: 'Show a resource group.', line: 'acrc group show --name acr-rg' }],
  view: groupView,
  async run({ name }, context) {
    return (await context.arm()).get(await groupPath(context, name));
  },
});
