// `az acr connected-registry list`, with every branch below --parent where az shows the last one.
import { command } from '../../command.ts';
import { readHierarchy } from '../../client/hierarchy.ts';
import { failure } from '../../errors.ts';
import { registryOfChild } from '../../options/registry.ts';
import { flag, text } from '../../parse/option.ts';
import { connectedRegistriesView } from '../../views/connected-registry.ts';

export default command({
  options: {
    ...registryOfChild,
    noChildren: flag('--no-children', 'Only the direct children of the cloud registry, or of --parent.'),
    parent: text('--parent -p', 'Only what is below this connected registry.', {
      resource: 'connected-registry',
    }),
  },
  examples: [
    {
      purpose: 'Show all connected registries, parents before children.',
      line: 'acrc connected-registry list -r myregistry -o table',
    },
    {
      purpose: 'Show what is below one of them.',
      line: 'acrc connected-registry list -r myregistry -p factory1',
    },
  ],
  view: connectedRegistriesView,
  async run({ noChildren, parent, ...options }, context) {
    const registry = await context.registry(options);
    const tree = await readHierarchy(await context.arm(), registry.child('connectedRegistries'));
    if (parent === undefined) return noChildren ? tree.all.filter((one) => !tree.parentOf(one)) : tree.all;
    const above = tree.find(parent);
    if (!above) throw failure(`Parent connected registry '${parent}' doesn't exist.`);
    return noChildren ? tree.children(above) : tree.descendants(above);
  },
});
