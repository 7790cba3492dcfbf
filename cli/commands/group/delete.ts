// `az group delete`: takes every registry in the group with it.
import { command } from '../../command.ts';
import { yes } from '../../options/yes.ts';
import { groupOptions, groupPath } from './options.ts';

export default command({
  options: { ...groupOptions, yes },
  examples: [
    { purpose: 'Delete a resource group and its registries.', line: 'acrc group delete --name acr-rg --yes' },
    { purpose: 'Delete it after a question.', line: 'acrc group delete -n acr-rg' },
  ],
  async run({ name, yes }, context) {
    await context.confirm('Are you sure you want to perform this operation?', yes);
    const arm = await context.arm();
    await context.during(`Deleting '${name}'`, arm.delete(await groupPath(context, name)));
  },
});
