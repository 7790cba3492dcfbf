// `az acr connected-registry show`.
import { command } from '../../command.ts';
import { connectedRegistryView } from '../../views/connected-registry.ts';
import { connectedRegistryOptions } from './options.ts';

export default command({
  options: connectedRegistryOptions,
  examples: [
    {
      purpose: 'See whether a connected registry is online.',
      line: 'acrc connected-registry show -r myregistry -n factory1 -o table',
    },
    {
      purpose: 'Get when it last synchronised.',
      line: 'acrc connected-registry show -r myregistry -n factory1 --query parent.syncProperties.lastSyncTime -o tsv',
    },
  ],
  view: connectedRegistryView,
  async run({ name, ...options }, context) {
    return (await context.arm()).get((await context.registry(options)).child('connectedRegistries', name));
  },
});
