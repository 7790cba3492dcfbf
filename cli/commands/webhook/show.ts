// `az acr webhook show`.
import { command } from '../../command.ts';
import { webhookView } from '../../views/webhook.ts';
import { webhookOptions } from './options.ts';

export default command({
  options: webhookOptions,
  examples: [
    { purpose: 'Show a webhook.', line: 'acrc webhook show -r myregistry -n onpush' },
    {
      purpose: 'See whether it is told.',
      line: 'acrc webhook show -r myregistry -n onpush --query status -o tsv',
    },
  ],
  view: webhookView,
  async run({ name, ...options }, context) {
    const id = (await context.registry(options)).child('webhooks', name);
    return (await context.arm()).get(id);
  },
});
