// `az acr scope-map create`.
import { command } from '../../command.ts';
import { actionsOf } from '../../client/actions.ts';
import { fresh, groups, text } from '../../parse/option.ts';
import { scopeMapView } from '../../views/scope-map.ts';
import { gatewayHelp, repositoryHelp, scopeMapOptions } from './options.ts';

export default command({
  options: {
    ...scopeMapOptions,
    name: fresh(scopeMapOptions.name),
    repository: groups('--repository', repositoryHelp('give'), { resource: 'repository' }),
    gateway: groups('--gateway', gatewayHelp('give'), { resource: 'connected-registry' }),
    description: text('--description', 'Description of the scope map, at most 256 characters.'),
  },
  examples: [
    {
      purpose: 'Let its holders read one repository and write another.',
      line: 'acrc scope-map create -n site-scope -r myregistry --repository base content/read --repository app content/read content/write',
    },
    {
      purpose: 'Let a connected registry below reach the cloud.',
      line: 'acrc scope-map create -n factory1-sync -r myregistry --repository app content/read metadata/read --gateway factory1 config/read config/write message/read message/write',
    },
  ],
  view: scopeMapView,
  async run({ name, description, ...options }, context) {
    const actions = actionsOf(options);
    const registry = await context.registry(options);
    const properties = { ...(description !== undefined && { description }), actions };
    return (await context.arm()).put(registry.child('scopeMaps', name), { properties });
  },
});
