// `az acr config soft-delete show`.
import { command } from '../../../command.ts';
import { registryOfChild } from '../../../options/registry.ts';
import { showPolicy } from '../policy.ts';

export default command({
  options: registryOfChild,
  examples: [
    {
      purpose: 'Show how long deleted images are to be kept.',
      line: 'acrc config soft-delete show -r myregistry',
    },
    {
      purpose: 'Get its status alone.',
      line: 'acrc config soft-delete show -r myregistry --query status -o tsv',
    },
  ],
  run: (registry, context) => showPolicy(context, { name: 'softDeletePolicy', registry, premium: false }),
});
