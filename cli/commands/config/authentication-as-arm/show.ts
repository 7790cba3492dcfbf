// `az acr config authentication-as-arm show`.
import { command } from '../../../command.ts';
import { registryOfChild } from '../../../options/registry.ts';
import { showPolicy } from '../policy.ts';

export default command({
  options: registryOfChild,
  examples: [
    {
      purpose: 'Show whether tokens for the management API sign in to the registry.',
      line: 'acrc config authentication-as-arm show -r myregistry',
    },
    {
      purpose: 'Get its status alone.',
      line: 'acrc config authentication-as-arm show -r myregistry --query status -o tsv',
    },
  ],
  run: (registry, context) =>
    showPolicy(context, { name: 'azureADAuthenticationAsArmPolicy', registry, premium: false }),
});
