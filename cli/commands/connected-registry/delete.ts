// `az acr connected-registry delete`. With --cleanup the sync token, its scope map and the gateway
// permissions in every ancestor go too, and acrc waits until they are gone.
import { command } from '../../command.ts';
import { gatewayFor } from '../../client/actions.ts';
import { changePermissions, type Hierarchy, readHierarchy } from '../../client/hierarchy.ts';
import { nameOf } from '../../client/registry-id.ts';
import type { ConnectedRegistry, Token } from '../../client/resources.ts';
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';
import { yes } from '../../options/yes.ts';
import { flag } from '../../parse/option.ts';
import { gatewayActions } from '../../../registry-node/oci/scope.ts';
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
    {
      purpose: 'Delete it after a question, and keep its sync token and scope map.',
      line: 'acrc connected-registry delete -r myregistry -n factory1',
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

/** Goes on after a step that fails, so that as little as possible is left, and then names what is. @throws CliError */
async function cleanUp(
  context: Context,
  tree: Hierarchy,
  one: ConnectedRegistry,
  token: Token,
): Promise<void> {
  const arm = await context.arm();
  const { scopeMapId } = token.properties;
  const left: string[] = [];
  const step = async (work: Promise<void>, otherwise: string): Promise<void> => {
    try {
      await work;
    } catch (error) {
      left.push(
        `    ${otherwise}   (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`,
      );
    }
  };
  const registry = nameOf(one.id.slice(0, one.id.lastIndexOf('/connectedRegistries/')));
  for (const ancestor of tree.ancestors(one)) {
    const warning = `Removing '${one.name}' gateway permissions to connected registry '${ancestor.name}' sync scope map.`;
    await step(
      changePermissions(context, ancestor, { add: [], remove: gatewayFor(one.name), warning }),
      `acrc scope-map update -n <scope map of ${ancestor.name}> -r ${registry} --remove-gateway ${one.name} ${gatewayActions.join(' ')}`,
    );
  }
  await step(arm.delete(token.id), `acrc token delete -n ${token.name} -r ${registry} --yes`);
  await step(arm.delete(scopeMapId), `acrc scope-map delete -n ${nameOf(scopeMapId)} -r ${registry} --yes`);
  if (left.length === 0) return;
  throw failure(
    `The connected registry '${one.name}' is deleted, but not all that was made for it. What is left:\n${left.join('\n')}`,
    'Run these commands when the reason is gone.',
  );
}

function whatIsLeft(registry: string, name: string, token: Token): string {
  const scopeMap = nameOf(token.properties.scopeMapId);
  return [
    'Connected registry successfully deleted. Please cleanup your sync tokens and scope maps. Run the following commands for cleanup: ',
    `    acrc token delete -n ${token.name} -r ${registry} --yes`,
    `    acrc scope-map delete -n ${scopeMap} -r ${registry} --yes`,
    'Run the following command on all ascendency to remove the deleted registry gateway access: ',
    `    acrc scope-map update -n <scope-map-name> -r ${registry} --remove-gateway ${name} ${gatewayActions.join(' ')}`,
  ].join('\n');
}
