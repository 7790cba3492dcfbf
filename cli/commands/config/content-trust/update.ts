// `az acr config content-trust update`.
import { command } from '../../../command.ts';
import { registryOfChild } from '../../../options/registry.ts';
import { status } from '../../../options/status.ts';
import { present } from '../../registry/switches.ts';
import { updatePolicy } from '../policy.ts';

export default command({
  options: { ...registryOfChild, status },
  examples: [
    {
      purpose: 'Let clients sign images.',
      line: 'acrc config content-trust update -r myregistry --status enabled',
    },
    { purpose: 'Do so no more.', line: 'acrc config content-trust update -r myregistry --status disabled' },
  ],
  run: ({ status, ...registry }, context) =>
    updatePolicy(context, { name: 'trustPolicy', registry, premium: true }, present({ status })),
});
