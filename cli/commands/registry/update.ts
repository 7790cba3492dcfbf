// `az acr update`: only what is given changes.
import { command } from '../../command.ts';
import type { Registry } from '../../client/resources.ts';
import { type Editable, edited, editOptions } from '../../options/edits.ts';
import { isObject } from '../../json-object.ts';
import { registryByName } from '../../options/registry.ts';
import { choice } from '../../parse/option.ts';
import { registryView } from '../../views/registry.ts';
import { parseTags, present, propertiesOf, switchOptions, switchProperties, versioned } from './switches.ts';

const editable: Editable = {
  outside: ['identity', 'sku', 'tags'],
  properties: [...switchProperties, 'encryption'],
  texts: ['tags'],
};

export default command({
  options: {
    ...registryByName,
    sku: choice('--sku', 'The SKU of the container registry.', ['Basic', 'Standard', 'Premium']),
    ...switchOptions,
    ...editOptions,
  },
  examples: [
    {
      purpose: 'Prepare a registry for connected registries.',
      line: 'acrc update -n myregistry --data-endpoint-enabled true',
    },
    {
      purpose: 'Change what no option names.',
      line: 'acrc update -n myregistry --set policies.quarantinePolicy.status=enabled',
    },
    { purpose: 'Turn the admin user on.', line: 'acrc update -n myregistry --admin-enabled' },
  ],
  view: registryView,
  async run({ registry, group, sku, tags, set, add, remove, forceString, ...switches }, context) {
    const { path } = await context.registry({ registry, group });
    const given = present({
      sku: sku === undefined ? undefined : { name: sku },
      tags: parseTags(tags),
      ...propertiesOf(switches, context.warn),
    });
    const body = edited(given, { set, add, remove, forceString }, editable, context);
    const { properties } = body;
    return (await context.arm()).patch<Registry>(
      versioned(path, isObject(properties) ? properties : {}),
      body,
    );
  },
});
