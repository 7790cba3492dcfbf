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
    addRepository: groups('--add-repository', repositoryHelp('add'), { resource: 'repository' }),
    removeRepository: groups('--remove-repository', repositoryHelp('remove'), { resource: 'repository' }),
    addGateway: groups('--add-gateway', gatewayHelp('add'), { resource: 'connected-registry' }),
    removeGateway: groups('--remove-gateway', gatewayHelp('remove'), { resource: 'connected-registry' }),
    description: text('--description', 'Description of the scope map, at most 256 characters.'),
    add: groups('--add', repositoryHelp('add'), { hidden: true }),
    remove: groups('--remove', repositoryHelp('remove'), { hidden: true }),
  },
  examples: [
    {
      purpose: 'Let the holders of a scope map push to one more repository.',
      line: 'acrc scope-map update -n site-scope -r myregistry --add-repository app content/read content/write',
    },
    {
      purpose: 'Take a permission back.',
      line: 'acrc scope-map update -n site-scope -r myregistry --remove-repository app content/write',
    },
  ],
  view: scopeMapView,
  async run({ name, description, ...options }, context) {
    for (const old of ['add', 'remove'] as const) {
      if (options[old])
        context.warn(
          `Argument '--${old}' has been deprecated and will be removed in a future release. Use '--${old}-repository' instead.`,
        );
    }
    const add = actionsOf({
      repository: both(options.addRepository, options.add),
      gateway: options.addGateway,
    });
    const remove = actionsOf({
      repository: both(options.removeRepository, options.remove),
      gateway: options.removeGateway,
    });
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

/** Rules by the option's name of today, and by its older one. */
function both(rules: string[][] = [], older: string[][] = []): string[][] {
  return [...rules, ...older];
}

/** az shows `repo/content/read` where the action is `repositories/repo/content/read`. */
function withoutKind(action: string): string {
  return action.slice(action.indexOf('/') + 1);
}
