// `az acr scope-map update`.
import { command } from '../../command.ts';
import { actionsOf, changed, refuseOverlap } from '../../client/actions.ts';
import type { ScopeMap } from '../../client/resources.ts';
import { failure } from '../../errors.ts';
import { groups, text } from '../../parse/option.ts';
import { scopeMapView } from '../../views/scope-map.ts';
import { gatewayHelp, repositoryHelp, scopeMapOptions } from './options.ts';

export default command({
  options: {
    ...scopeMapOptions,
    addRepository: groups('--add-repository', repositoryHelp('add')),
    removeRepository: groups('--remove-repository', repositoryHelp('remove')),
    addGateway: groups('--add-gateway', gatewayHelp('add')),
    removeGateway: groups('--remove-gateway', gatewayHelp('remove')),
    description: text('--description', 'Description of the scope map, at most 256 characters.'),
  },
  examples: [
    {
      purpose: 'Let the holders of a scope map push to one more repository.',
      line: 'acrc scope-map update -n site-scope -r myregistry --add-repository app content/read content/write',
    },
  ],
  view: scopeMapView,
  async run({ name, description, ...options }, context) {
    const add = actionsOf({ repository: options.addRepository, gateway: options.addGateway });
    const remove = actionsOf({ repository: options.removeRepository, gateway: options.removeGateway });
    if (add.length + remove.length === 0 && description === undefined) {
      throw failure('No scope map properties to update.');
    }
    refuseOverlap('actions', '--add and --remove', add.map(withoutKind), remove.map(withoutKind));
    const id = (await context.registry(options)).child('scopeMaps', name);
    const arm = await context.arm();
    const { actions: current } = (await arm.get<ScopeMap>(id)).properties;
    const actions = changed(current, add, remove) ?? current;
    const properties = { ...(description !== undefined && { description }), actions };
    return arm.patch(id, { properties });
  },
});

/** az shows `repo/content/read` where the action is `repositories/repo/content/read`. */
function withoutKind(action: string): string {
  return action.slice(action.indexOf('/') + 1);
}
