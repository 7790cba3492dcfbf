// `az acr webhook ping`: sends a message to try the address.
import { command } from '../../command.ts';
import { pingView } from '../../views/webhook.ts';
import { webhookOptions } from './options.ts';

export default command({
  options: webhookOptions,
  examples: [
    { purpose: 'Try the address of a webhook.', line: 'acrc webhook ping -r myregistry -n onpush' },
    {
      purpose: 'Keep the id of the message.',
      line: 'acrc webhook ping -r myregistry -n onpush --query id -o tsv',
    },
  ],
  view: pingView,
  async run({ name, ...options }, context) {
    const id = (await context.registry(options)).child('webhooks', name);
    return (await context.arm()).post(`${id}/ping`);
  },
});
