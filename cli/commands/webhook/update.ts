// `az acr webhook update`: only what is given is sent.
import { command } from '../../command.ts';
import { choice, choiceList, text } from '../../parse/option.ts';
import { webhookView } from '../../views/webhook.ts';
import { parseTags, present, tags } from '../registry/switches.ts';
import { headers, webhookActions, webhookHelp, webhookOptions, webhookStatuses } from './options.ts';

export default command({
  options: {
    ...webhookOptions,
    uri: text('--uri', webhookHelp.uri),
    actions: choiceList('--actions', webhookHelp.actions, webhookActions),
    headers,
    status: choice('--status', webhookHelp.status, webhookStatuses),
    scope: text('--scope', webhookHelp.scope),
    tags,
  },
  examples: [
    {
      purpose: 'Tell nobody for a while.',
      line: 'acrc webhook update -r myregistry -n onpush --status disabled',
    },
    {
      purpose: 'Tell of deletions, too.',
      line: 'acrc webhook update -r myregistry -n onpush --actions push delete',
    },
  ],
  view: webhookView,
  async run({ name, uri, actions, headers, status, scope, tags, ...options }, context) {
    const id = (await context.registry(options)).child('webhooks', name);
    const customHeaders = parseTags(headers);
    return (await context.arm()).patch(
      id,
      present({
        tags: parseTags(tags),
        properties: present({ serviceUri: uri, customHeaders, status, scope, actions }),
      }),
    );
  },
});
