// `az acr webhook get-config`: the address and the headers, which may hold secrets and stand nowhere else.
import { command } from '../../command.ts';
import { callbackView } from '../../views/webhook.ts';
import { webhookOptions } from './options.ts';

export default command({
  options: webhookOptions,
  examples: [
    { purpose: 'Show where messages go.', line: 'acrc webhook get-config -r myregistry -n onpush' },
    {
      purpose: 'Get the address alone.',
      line: 'acrc webhook get-config -r myregistry -n onpush --query serviceUri -o tsv',
    },
  ],
  view: callbackView,
  async run({ name, ...options }, context) {
    const id = (await context.registry(options)).child('webhooks', name);
    return (await context.arm()).post(`${id}/getCallbackConfig`);
  },
});
