// `az acr config authentication-as-arm update`.
import { command } from '../../../command.ts';
import { registryOfChild } from '../../../options/registry.ts';
import { status } from '../../../options/status.ts';
import { present } from '../../registry/switches.ts';
import { updatePolicy } from '../policy.ts';

export default command({
  options: { ...registryOfChild, status },
  examples: [
    {
      purpose: 'Sign in with tokens for registries alone.',
      line: 'acrc config authentication-as-arm update -r myregistry --status disabled',
    },
    {
      purpose: 'Take tokens for the management API again.',
      line: 'acrc config authentication-as-arm update -r myregistry --status enabled',
    },
  ],
  run: ({ status, ...registry }, context) =>
    updatePolicy(
      context,
      { name: 'azureADAuthenticationAsArmPolicy', registry, premium: false },
      present({ status }),
    ),
});
