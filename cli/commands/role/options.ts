// What the commands on roles share: where a role is given, and to whom.
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';
import { text } from '../../parse/option.ts';

export const scopeOptions = {
  scope: text('--scope', 'Id of the subscription, resource group or registry. Default: the subscription.'),
  group: text('--resource-group -g', 'Name of a resource group, in place of --scope.'),
};

export const assigneeOption = text('--assignee', 'Client id (appId) or object id of a service principal.');

/** @throws CliError when both are given */
export async function scopeOf(
  context: Context,
  { scope, group }: { scope: string | undefined; group: string | undefined },
): Promise<string> {
  if (scope !== undefined && group !== undefined)
    throw failure(`Resource group "${group}" is redundant because scope is supplied`);
  if (scope !== undefined) {
    if (/^\/subscriptions\/[^/]+(\/|$)/i.test(scope)) return scope.replace(/\/+$/, '');
    throw failure('Invalid scope. It begins with /subscriptions/ and the id of the subscription.');
  }
  const subscription = `/subscriptions/${await context.subscription()}`;
  return group === undefined ? subscription : `${subscription}/resourceGroups/${encodeURIComponent(group)}`;
}
