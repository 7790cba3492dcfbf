// `az acr update`: only what is given changes.
import { command } from '../../command.ts';
import type { Registry } from '../../client/resources.ts';
import { registryByName } from '../../options/registry.ts';
import { choice } from '../../parse/option.ts';
import { registryView } from '../../views/registry.ts';
import { parseTags, present, propertiesOf, switchOptions, versioned } from './switches.ts';

export default command({
  options: {
    ...registryByName,
    sku: choice('--sku', 'The SKU of the container registry.', ['Basic', 'Standard', 'Premium']),
    ...switchOptions,
  },
  examples: [
    {
      purpose: 'Prepare a registry for connected registries.',
      line: 'acrc update -n myregistry --data-endpoint-enabled true',
    },
    { purpose: 'Turn the admin user on.', line: 'acrc update -n myregistry --admin-enabled' },
  ],
  view: registryView,
  async run({ registry, group, sku, tags, ...switches }, context) {
    const { path } = await context.registry({ registry, group });
    const properties = propertiesOf(switches, context.warn);
    const body = present({
      sku: sku === undefined ? undefined : { name: sku },
      tags: parseTags(tags),
      properties: Object.keys(properties).length === 0 ? undefined : properties,
    });
    return (await context.arm()).patch<Registry>(versioned(path, properties), body);
  },
});
