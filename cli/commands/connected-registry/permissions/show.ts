// `az acr connected-registry permissions show`: the scope map of the sync token.
import { command } from '../../../command.ts';
import { readSync } from '../../../client/hierarchy.ts';
import type { ConnectedRegistry } from '../../../client/resources.ts';
import { scopeMapView } from '../../../views/scope-map.ts';
import { connectedRegistryOptions } from '../options.ts';

export default command({
  options: connectedRegistryOptions,
  examples: [
    {
      purpose: 'Show what a connected registry may synchronise.',
      line: 'acrc connected-registry permissions show -r myregistry -n factory1',
    },
    {
      purpose: 'List the actions alone.',
      line: 'acrc connected-registry permissions show -r myregistry -n factory1 --query actions -o tsv',
    },
  ],
  view: scopeMapView,
  async run({ name, ...options }, context) {
    const arm = await context.arm();
    const id = (await context.registry(options)).child('connectedRegistries', name);
    return (await readSync(arm, await arm.get<ConnectedRegistry>(id))).scopeMap;
  },
});
