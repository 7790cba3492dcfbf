// The steps of making a connected registry, in the order that leaves the least behind: checks, sync token, the connected
// registry itself, and only then more permissions for its ancestors.
import { gatewayFor, repositoriesForMode, sameActions } from '../../client/actions.ts';
import { ifExists } from '../../client/arm-error.ts';
import { changePermissions, checkMode, type Hierarchy, readHierarchy } from '../../client/hierarchy.ts';
import type { RegistryId } from '../../client/registry-id.ts';
import type { ConnectedRegistry, Mode, Registry, ScopeMap, Token } from '../../client/resources.ts';
import type { Context } from '../../context.ts';
import { failure } from '../../errors.ts';
import { present } from '../registry/switches.ts';
import { waysOut } from './giving-up.ts';
import { garbageCollection, type GivenSettings, syncProperties } from './settings.ts';

export interface Creation extends GivenSettings {
  name: string;
  repository: string[] | undefined;
  syncToken: string | undefined;
  parent: string | undefined;
  mode: Mode;
  clientTokens: string[] | undefined;
  notifications: string[] | undefined;
  syncFilter: unknown;
  yes: boolean;
}

export async function createConnectedRegistry(
  context: Context,
  registry: RegistryId,
  creation: Creation,
): Promise<ConnectedRegistry> {
  const arm = await context.arm();
  const body = bodyOf(registry, creation);
  await requireDataEndpoint(context, registry, creation.yes);
  const tree = await readHierarchy(arm, registry.child('connectedRegistries'));
  const parent = findParent(tree, creation);
  context.changes.advise(waysOut(registry, creation.name, creation.syncToken));
  const madeSoFar: string[] = [];
  try {
    const tokenId = await syncTokenFor(context, registry, creation, madeSoFar);
    const id = registry.child('connectedRegistries', creation.name);
    const made = await arm.put<ConnectedRegistry>(id, body(tokenId, parent?.id));
    if (!tree.find(creation.name)) madeSoFar.push(made.id);
    await widenAncestors(context, tree, parent, creation);
    return made;
  } catch (error) {
    await takeBack(context, madeSoFar);
    throw error;
  }
}

function bodyOf(
  registry: RegistryId,
  creation: Creation,
): (tokenId: string, parentId: string | undefined) => object {
  const sync = syncProperties(creation);
  const clientTokenIds = creation.clientTokens?.map((token) => registry.child('tokens', token));
  const notificationsList = creation.notifications && [...new Set(creation.notifications)];
  const settings = {
    logging: { logLevel: creation.logLevel, auditLogStatus: 'Disabled' },
    garbageCollection: garbageCollection(creation),
  };
  return (tokenId, parentId) => ({
    properties: present({
      mode: creation.mode.toLowerCase(),
      parent: present({ id: parentId, syncProperties: { tokenId, ...sync } }),
      clientTokenIds,
      ...settings,
      notificationsList,
      syncFilter: creation.syncFilter ?? undefined,
    }),
  });
}

async function requireDataEndpoint(
  context: Context,
  { path, name }: RegistryId,
  yes: boolean,
): Promise<void> {
  const arm = await context.arm();
  if ((await arm.get<Registry>(path)).properties.dataEndpointEnabled) return;
  await context.confirm(
    'Dedicated data endpoints must be enabled to use connected-registry. Enabling might impact your firewall rules. ' +
      `Are you sure you want to enable it for '${name}' registry?`,
    yes,
  );
  await arm.patch(path, { properties: { dataEndpointEnabled: true } });
}

function findParent(tree: Hierarchy, { name, mode, parent }: Creation): ConnectedRegistry | undefined {
  if (parent === undefined) return undefined;
  const found = tree.find(parent);
  if (!found) throw failure(`The parent connected registry '${parent}' could not be found.`);
  checkMode(name, mode, found);
  return found;
}

/** @param madeSoFar receives the ids of what did not exist before, newest last */
async function syncTokenFor(
  context: Context,
  registry: RegistryId,
  { name, syncToken, repository = [], mode }: Creation,
  madeSoFar: string[],
): Promise<string> {
  if (syncToken !== undefined) return registry.child('tokens', syncToken);
  const arm = await context.arm();
  const actions = [...repositoriesForMode(repository, mode), ...gatewayFor(name)];
  const scopeMapId = registry.child('scopeMaps', name);
  context.warn(`If sync scope map '${name}' already exists, its actions will be overwritten`);
  const existing = await ifExists(arm.get<ScopeMap>(scopeMapId));
  if (!existing || !sameActions(existing.properties.actions, actions)) {
    if (existing) context.warn(`Overriding scope map '${name}' properties`);
    const description = `Created by connected registry sync token: ${name}`;
    await arm.put<ScopeMap>(scopeMapId, { properties: { description, actions } });
    if (!existing) madeSoFar.push(scopeMapId);
  }
  context.warn(`If sync token '${name}' already exists, its properties will be overwritten`);
  const tokenId = registry.child('tokens', name);
  const tokenExisted = (await ifExists(arm.get<Token>(tokenId))) !== undefined;
  await arm.put<Token>(tokenId, { properties: { scopeMapId, status: 'enabled' } });
  if (!tokenExisted) madeSoFar.push(tokenId);
  return tokenId;
}

async function widenAncestors(
  context: Context,
  tree: Hierarchy,
  parent: ConnectedRegistry | undefined,
  { name, repository = [], mode }: Creation,
): Promise<void> {
  if (!parent) return;
  const add = [...repositoriesForMode(repository, mode), ...gatewayFor(name)];
  const repositories =
    repository.length === 0
      ? ''
      : ` and repo(s) '${repository.join(', ')}' ${mode.toLowerCase()} permissions`;
  for (const ancestor of [parent, ...tree.ancestors(parent)]) {
    const warning = `Adding '${name}' gateway permissions${repositories} to connected registry '${ancestor.name}' sync scope map.`;
    await changePermissions(context, ancestor, { add, remove: [], warning });
  }
}

/** Newest first, since ARM refuses to delete what another resource needs. What cannot be deleted is named. */
async function takeBack(context: Context, madeSoFar: readonly string[]): Promise<void> {
  const arm = await context.arm();
  for (const id of madeSoFar.toReversed()) {
    try {
      await arm.delete(id);
    } catch {
      context.warn(`'${id}' was made for this and could not be deleted again.`);
    }
  }
}
