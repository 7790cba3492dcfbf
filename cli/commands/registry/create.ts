// `az acr create`.
import { command } from '../../command.ts';
import { RegistryId } from '../../client/registry-id.ts';
import type { Registry, ResourceGroup } from '../../client/resources.ts';
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';
import { choice, text } from '../../parse/option.ts';
import { registryView } from '../../views/registry.ts';
import { groupPath } from '../group/options.ts';
import { parseTags, present, propertiesOf, switchOptions } from './switches.ts';

export default command({
  options: {
    name: text('--name -n', 'The name of the container registry: 5 to 50 lower-case letters and digits.', {
      required: true,
    }),
    group: text('--resource-group -g', 'Name of the resource group.', {
      required: true,
      configured: 'group',
    }),
    sku: choice(
      '--sku',
      'The SKU of the container registry. Connected registries need Premium.',
      ['Basic', 'Standard', 'Premium'],
      {
        required: true,
      },
    ),
    location: text('--location -l', 'Location. Default: that of the resource group.', {
      configured: 'location',
    }),
    zoneRedundancy: choice('--zone-redundancy', 'Whether the registry is spread over zones.', [
      'Enabled',
      'Disabled',
    ]),
    ...switchOptions,
  },
  examples: [
    {
      purpose: 'Create a registry that can have connected registries.',
      line: 'acrc create -n myregistry -g acr-rg --sku Premium --data-endpoint-enabled true',
    },
  ],
  view: registryView,
  async run({ name, group, sku, location, tags, zoneRedundancy, ...switches }, context) {
    checkName(name);
    if (switches.defaultAction !== undefined && sku !== 'Premium') {
      throw failure('Network rules are only supported for managed registries in Premium SKU.');
    }
    const registry = new RegistryId(await context.subscription(), group, name);
    const arm = await context.arm();
    const properties = propertiesOf(
      { ...switches, adminEnabled: switches.adminEnabled ?? false },
      context.warn,
    );
    const body = present({
      location: location ?? (await locationOf(context, group)),
      sku: { name: sku },
      tags: parseTags(tags),
      properties: { ...properties, ...present({ zoneRedundancy }) },
    });
    return context.during(`Creating '${name}'`, arm.put<Registry>(registry.path, body));
  },
});

/** @throws CliError worded as az words it */
function checkName(name: string): void {
  if (name !== name.toLowerCase()) throw failure('argument error: Registry name must use only lowercase.');
  if (name.includes('-')) throw failure('argument error: Registry name cannot contain dashes.');
  if (!/^[a-z0-9]{5,50}$/.test(name)) {
    throw failure(
      'Registry names may contain only alpha numeric characters and must be between 5 and 50 characters',
    );
  }
}

async function locationOf(context: Context, group: string): Promise<string> {
  const arm = await context.arm();
  return (await arm.get<ResourceGroup>(await groupPath(context, group))).location;
}
