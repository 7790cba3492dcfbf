// `az acr delete`.
import { command } from '../../command.ts';
import { registryByName } from '../../options/registry.ts';
import { yes } from '../../options/yes.ts';

export default command({
  options: { ...registryByName, yes },
  examples: [
    { purpose: 'Delete a registry and its images.', line: 'acrc delete -n myregistry --yes' },
    { purpose: 'Delete it after a question.', line: 'acrc delete -n myregistry -g acr-rg' },
  ],
  async run({ registry, group, yes }, context) {
    await context.confirm(`Are you sure you want to delete the registry '${registry}'?`, yes);
    const { path } = await context.registry({ registry, group });
    await context.during(`Deleting '${registry}'`, (await context.arm()).delete(path));
  },
});
