// `az acr webhook delete`.
import { command } from '../../command.ts';
import { webhookOptions } from './options.ts';

export default command({
  options: webhookOptions,
  examples: [
    { purpose: 'Delete a webhook.', line: 'acrc webhook delete -r myregistry -n onpush' },
    {
      purpose: 'Delete one of a registry in another group.',
      line: 'acrc webhook delete -r myregistry -g acr-rg -n onpush',
    },
  ],
  async run({ name, ...options }, context) {
    await (await context.arm()).delete((await context.registry(options)).child('webhooks', name));
  },
});
