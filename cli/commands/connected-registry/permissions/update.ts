// `az acr connected-registry permissions update`: what is removed here is removed from everything
// below (from every branch, where az reaches the last one); what is added is added to everything above first, so that a
// synchronisation in between never asks an ancestor for more than it has.
import { command } from '../../../command.ts';
import { everythingOn, refuseOverlap, repositoriesForMode, repositoriesIn } from '../../../client/actions.ts';
import { changePermissions, readHierarchy, readSync } from '../../../client/hierarchy.ts';
import { resolveForScopeMap, resolveIn } from '../../../client/repository-globs.ts';
import { failure } from '../../../errors.ts';
import { listOrNone } from '../../../parse/option.ts';
import { connectedRegistryOptions } from '../options.ts';

export default command({
  options: {
    ...connectedRegistryOptions,
    add: listOrNone('--add', 'Repositories to synchronise from now on.', { resource: 'repository' }),
    remove: listOrNone('--remove', 'Repositories not to synchronise any more.', { resource: 'repository' }),
  },
  examples: [
    {
      purpose: 'Synchronise one more repository.',
      line: 'acrc connected-registry permissions update -r myregistry -n factory1 --add generic-js-app',
    },
    {
      purpose: 'Replace one repository by another.',
      line: 'acrc connected-registry permissions update -r myregistry -n factory1 --add app2 --remove app',
    },
  ],
  async run({ name, add: toAdd = [], remove: toRemove = [], ...options }, context) {
    if (toAdd.length + toRemove.length === 0) throw failure('No repository permissions to update.');
    refuseOverlap('repository names', '--add and --remove', unique(toAdd), unique(toRemove));
    const registry = await context.registry(options);
    const arm = await context.arm();
    const tree = await readHierarchy(arm, registry.child('connectedRegistries'));
    const target = tree.find(name);
    if (!target) throw failure(`Connected registry '${name}' doesn't exist.`);
    const add = await resolveForScopeMap(context, registry, unique(toAdd));
    const remove = await resolveIn(context, unique(toRemove), async () => {
      const { scopeMap } = await readSync(arm, target);
      return repositoriesIn(scopeMap.properties.actions);
    });
    refuseOverlap('repository names', '--add and --remove', add, remove);
    const added = repositoriesForMode(add, target.properties.mode);
    const removed = everythingOn(remove);
    const [some, others] = [add.join(', '), remove.join(', ')];

    for (const one of remove.length > 0 ? tree.descendants(target) : []) {
      const warning = `Removing '${others}' repository permissions from ${one.name}`;
      await changePermissions(context, one, { add: [], remove: removed, warning });
    }
    for (const one of add.length > 0 ? tree.ancestors(target).toReversed() : []) {
      const warning = `Adding '${some}' repository permissions to ${one.name}`;
      await changePermissions(context, one, { add: added, remove: [], warning });
    }
    const warning = warningFor(some, others, target.name);
    await changePermissions(context, target, { add: added, remove: removed, warning });
  },
});

function unique(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))];
}

function warningFor(add: string, remove: string, name: string): string {
  if (add && remove) return `Adding '${add}' and removing '${remove}' repository permissions in ${name}`;
  return add
    ? `Adding '${add}' repository permissions in ${name}`
    : `Removing '${remove}' repository permissions from ${name}`;
}
