// `az acr webhook update`: only what is given is sent.
import { command } from '../../command.ts';
import { type Editable, edited, editOptions } from '../../options/edits.ts';
import { choice, choiceList, text } from '../../parse/option.ts';
import { webhookView } from '../../views/webhook.ts';
import { parseTags, present, tags } from '../registry/switches.ts';
import { headers, webhookActions, webhookHelp, webhookOptions, webhookStatuses } from './options.ts';

const editable: Editable = {
  outside: ['tags'],
  properties: ['serviceUri', 'customHeaders', 'status', 'scope', 'actions'],
  texts: ['tags', 'customHeaders'],
};

export default command({
  options: {
    ...webhookOptions,
    uri: text('--uri', webhookHelp.uri),
    actions: choiceList('--actions', webhookHelp.actions, webhookActions),
    headers,
    status: choice('--status', webhookHelp.status, webhookStatuses),
    scope: text('--scope', webhookHelp.scope),
    tags,
    ...editOptions,
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
  async run(
    { name, uri, actions, headers, status, scope, tags, set, add, remove, forceString, ...options },
    context,
  ) {
    const id = (await context.registry(options)).child('webhooks', name);
    const customHeaders = parseTags(headers);
    const given = present({ tags: parseTags(tags), serviceUri: uri, customHeaders, status, scope, actions });
    return (await context.arm()).patch(
      id,
      edited(given, { set, add, remove, forceString }, editable, context),
    );
  },
});
