// `az acr config content-trust show`.
import { command } from '../../../command.ts';
import { registryOfChild } from '../../../options/registry.ts';
import { showPolicy } from '../policy.ts';

export default command({
  options: registryOfChild,
  examples: [
    {
      purpose: 'Show whether clients may sign images.',
      line: 'acrc config content-trust show -r myregistry',
    },
    {
      purpose: 'Get its status alone.',
      line: 'acrc config content-trust show -r myregistry --query status -o tsv',
    },
  ],
  run: (registry, context) => showPolicy(context, { name: 'trustPolicy', registry, premium: true }),
});
