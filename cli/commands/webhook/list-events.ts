// `az acr webhook list-events`: what the address was told, and what it answered.
import { command } from '../../command.ts';
import { webhookEventsView } from '../../views/webhook.ts';
import { webhookOptions } from './options.ts';

export default command({
  options: webhookOptions,
  examples: [
    {
      purpose: 'See whether messages arrive.',
      line: 'acrc webhook list-events -r myregistry -n onpush -o table',
    },
    {
      purpose: 'Get the answers that were no success.',
      line: 'acrc webhook list-events -r myregistry -n onpush --query "[?eventResponseMessage.statusCode!=\'200\']"',
    },
  ],
  view: webhookEventsView,
  async run({ name, ...options }, context) {
    const id = (await context.registry(options)).child('webhooks', name);
    const events = await (await context.arm()).post<{ value: unknown[] }>(`${id}/listEvents`);
    return events.value;
  },
});
