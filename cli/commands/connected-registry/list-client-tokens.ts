// `az acr connected-registry list-client-tokens`: who may sign in on site.
import { command } from '../../command.ts';
import type { ConnectedRegistry, Token } from '../../client/resources.ts';
import { tokenView } from '../../views/token.ts';
import { connectedRegistryOptions } from './options.ts';

export default command({
  options: connectedRegistryOptions,
  examples: [
    {
      purpose: 'List the client tokens.',
      line: 'acrc connected-registry list-client-tokens -r myregistry -n factory1 -o table',
    },
    {
      purpose: 'List their names alone.',
      line: 'acrc connected-registry list-client-tokens -r myregistry -n factory1 --query [].name -o tsv',
    },
  ],
  view: tokenView,
  async run({ name, ...options }, context) {
    const arm = await context.arm();
    const id = (await context.registry(options)).child('connectedRegistries', name);
    const { clientTokenIds = [] } = (await arm.get<ConnectedRegistry>(id)).properties;
    return Promise.all(clientTokenIds.map((tokenId) => arm.get<Token>(tokenId)));
  },
});
