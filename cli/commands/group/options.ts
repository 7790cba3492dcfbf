// What the commands on resource groups share: the name, and where it leads in ARM.
import type { Context } from '../../context.ts';
import { text } from '../../parse/option.ts';

export const groupOptions = {
  name: text('--name --resource-group -n -g', 'Name of the resource group.', {
    required: true,
    configured: 'group',
    resource: 'group',
  }),
};

export async function groupPath(context: Context, name: string): Promise<string> {
  return `/subscriptions/${await context.subscription()}/resourcegroups/${encodeURIComponent(name)}?api-version=2021-04-01`;
}
