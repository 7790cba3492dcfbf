// `az group exists`.
import { command } from '../../command.ts';
import { ifExists } from '../../client/arm-error.ts';
import { groupOptions, groupPath } from './options.ts';

export default command({
  options: groupOptions,
  examples: [
    { purpose: 'Say whether a resource group exists.', line: 'acrc group exists --name acr-rg' },
    { purpose: 'Say so in a word for a script.', line: 'acrc group exists --name acr-rg -o tsv' },
  ],
  async run({ name }, context) {
    const group = await ifExists((await context.arm()).get(await groupPath(context, name)));
    return group !== undefined;
  },
});
