// `az acr webhook list`.
import { command } from '../../command.ts';
import { webhookView } from '../../views/webhook.ts';
import { registryOfChild } from '../../options/registry.ts';

export default command({
  options: registryOfChild,
  examples: [
    { purpose: 'List the webhooks of a registry.', line: 'acrc webhook list -r myregistry -o table' },
    { purpose: 'Get their names.', line: 'acrc webhook list -r myregistry --query [].name -o tsv' },
  ],
  view: webhookView,
  async run(options, context) {
    return (await context.arm()).list((await context.registry(options)).child('webhooks'));
  },
});
