// `az acr connected-registry resync`: the running instance compares everything with its parent again.
import { command } from '../../command.ts';
import { connectedRegistryView } from '../../views/connected-registry.ts';
import { connectedRegistryOptions } from './options.ts';

/** The oldest that has the action and its result. */
const version = 'api-version=2026-01-01-preview';

export default command({
  description: '`acrc connected-registry status --query registrySyncResult` tells how it stands.',
  options: connectedRegistryOptions,
  examples: [
    {
      purpose: 'Synchronise everything again.',
      line: 'acrc connected-registry resync -r myregistry -n factory1',
    },
    {
      purpose: 'Do so from a script, and print nothing.',
      line: 'acrc connected-registry resync -g acr-rg -r myregistry -n factory1 -o none',
    },
  ],
  view: connectedRegistryView,
  async run({ name, ...options }, context) {
    const id = (await context.registry(options)).child('connectedRegistries', name);
    return (await context.arm()).post(`${id}/resync?${version}`);
  },
});
