// `az acr show`.
import { command } from '../../command.ts';
import { registryByName } from '../../options/registry.ts';
import { registryView } from '../../views/registry.ts';

export default command({
  options: registryByName,
  examples: [
    {
      purpose: 'Get the login server of a registry.',
      line: 'acrc show -n myregistry --query loginServer -o tsv',
    },
    { purpose: 'Show a registry as a table.', line: 'acrc show -n myregistry -o table' },
  ],
  view: registryView,
  async run(options, context) {
    return (await context.arm()).get((await context.registry(options)).path);
  },
});
