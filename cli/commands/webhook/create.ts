// `az acr webhook create`.
import { command } from '../../command.ts';
import type { Registry } from '../../client/resources.ts';
import { choice, choiceList, text } from '../../parse/option.ts';
import { webhookView } from '../../views/webhook.ts';
import { parseTags, present, tags } from '../registry/switches.ts';
import { headers, webhookActions, webhookHelp, webhookOptions, webhookStatuses } from './options.ts';

export default command({
  options: {
    ...webhookOptions,
    uri: text('--uri', webhookHelp.uri, { required: true }),
    actions: choiceList('--actions', webhookHelp.actions, webhookActions, { required: true }),
    location: text('--location -l', 'Location. Default: that of the registry.'),
    headers,
    status: choice('--status', webhookHelp.status, webhookStatuses, { fallback: 'enabled' }),
    scope: text('--scope', webhookHelp.scope),
    tags,
  },
  examples: [
    {
      purpose: 'Tell a build server of every push.',
      line: 'acrc webhook create -r myregistry -n onpush --uri https://build.example.com/pushed --actions push',
    },
    {
      purpose: 'Tell it of one repository, with a header that it knows the message by.',
      line: 'acrc webhook create -r myregistry -n onapp --uri https://build.example.com/app --actions push delete --scope app:* --headers "Authorization=Basic dXNlcjpwYXNz"',
    },
  ],
  view: webhookView,
  async run({ name, uri, actions, location, headers, status, scope, tags, ...options }, context) {
    const registry = await context.registry(options);
    const arm = await context.arm();
    return arm.put(
      registry.child('webhooks', name),
      present({
        location: location ?? (await arm.get<Registry>(registry.path)).location,
        tags: parseTags(tags),
        properties: present({
          serviceUri: uri,
          customHeaders: parseTags(headers),
          status,
          scope,
          actions,
        }),
      }),
    );
  },
});
