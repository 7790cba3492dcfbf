// `az acr connected-registry delete`. With --cleanup the sync token, its scope map and the gateway
// permissions in every ancestor go too, and acrc waits until they are gone.
import { command } from '../../command.ts';
import { gatewayFor } from '../../client/actions.ts';
import { changePermissions, type Hierarchy, readHierarchy } from '../../client/hierarchy.ts';
import { nameOf } from '../../client/registry-id.ts';
import type { ConnectedRegistry, Token } from '../../client/resources.ts';
import type { Context } from '../../context.ts';
import { yes } from '../../options/yes.ts';
import { flag } from '../../parse/option.ts';
import { connectedRegistryOptions } from './options.ts';

export default command({
  options: {
    ...connectedRegistryOptions,
    cleanup: flag(
      '--cleanup',
      'Delete its sync token and scope map too, and its gateway permissions in its ancestors.',
    ),
    yes,
  },
  examples: [
    {
      purpose: 'Delete a connected registry and what was made for it.',
      line: 'acrc connected-registry delete -r myregistry -n factory1 --cleanup --yes',
    },
  ],
  async run({ name, cleanup, yes, ...options }, context) {
    const tail = cleanup ? '' : ' without cleanup flag enabled';
    const question = `Are you sure you want to delete the connected registry '${name}' in '${options.registry}'${tail}?`;
    await context.confirm(question, yes);
    const registry = await context.registry(options);
    const arm = await context.arm();
    const id = registry.child('connectedRegistries', name);
    const one = await arm.get<ConnectedRegistry>(id);
    // Read before anything is gone: afterwards nothing says which token and which ancestors were meant.
    const token = await arm.get<Token>(one.properties.parent.syncProperties.tokenId);
    const tree = await readHierarchy(arm, registry.child('connectedRegistries'));
    await context.during(`Deleting '${name}'`, arm.delete(id));
    if (cleanup) await cleanUp(context, tree, one, token);
    else context.warn(whatIsLeft(options.registry, name, token));
  },
});

async function cleanUp(
  context: Context,
  tree: Hierarchy,
  one: ConnectedRegistry,
  token: Token,
): Promise<void> {
  const arm = await context.arm();
  for (const ancestor of tree.ancestors(one)) {
    const warning = `Removing '${one.name}' gateway permissions to connected registry '${ancestor.name}' sync scope map.`;
    await changePermissions(context, ancestor, { add: [], remove: gatewayFor(one.name), warning });
  }
  await arm.delete(token.id);
  await arm.delete(token.properties.scopeMapId);
}

function whatIsLeft(registry: string, name: string, token: Token): string {
  const scopeMap = nameOf(token.properties.scopeMapId);
  return [
    'Connected registry successfully deleted. Please cleanup your sync tokens and scope maps. Run the following commands for cleanup: ',
    `    acrc token delete -n ${token.name} -r ${registry} --yes`,
    `    acrc scope-map delete -n ${scopeMap} -r ${registry} --yes`,
    'Run the following command on all ascendency to remove the deleted registry gateway access: ',
    `    acrc scope-map update -n <scope-map-name> -r ${registry} --remove-gateway ${name} config/read config/write message/read message/write`,
  ].join('\n');
}
