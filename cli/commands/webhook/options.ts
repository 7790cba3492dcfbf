// What the commands on webhooks share.
import { registryOfChild } from '../../options/registry.ts';
import { list, text } from '../../parse/option.ts';

export const webhookOptions = {
  ...registryOfChild,
  name: text('--name -n', 'The name of the webhook: 5 to 50 letters and digits.', { required: true }),
};

export const webhookActions = ['push', 'delete', 'quarantine', 'chart_push', 'chart_delete'] as const;
export const webhookStatuses = ['enabled', 'disabled'] as const;

export const webhookHelp = {
  actions: 'Space-separated actions that are told.',
  uri: 'The service URI that is told, with POST.',
  status: 'Whether it is told.',
  scope:
    "Which repositories: 'app', 'app:tag', 'app:*' or a prefix such as 'team/*'. Empty: all of the registry.",
} as const;

export const headers = list('--headers', 'Space-separated headers of each message: name[=value] ...');
