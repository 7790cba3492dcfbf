// `az acr config retention show`.
import { command } from '../../../command.ts';
import { registryOfChild } from '../../../options/registry.ts';
import { showPolicy } from '../policy.ts';

export default command({
  options: registryOfChild,
  examples: [
    {
      purpose: 'Show how long untagged manifests are to stay.',
      line: 'acrc config retention show -r myregistry',
    },
    {
      purpose: 'Get its status alone.',
      line: 'acrc config retention show -r myregistry --query status -o tsv',
    },
  ],
  run: (registry, context) => showPolicy(context, { name: 'retentionPolicy', registry, premium: true }),
});
