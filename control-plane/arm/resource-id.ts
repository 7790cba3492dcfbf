// Resource ids:
// `/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.ContainerRegistry/registries/{r}/{type}/{name}`. Their
// segments are case-insensitive (Azure Resource Manager, "Naming rules"), so a resource is stored under the
// lower-cased id, its key, and shows the id as it was spelled when it was created.
import { ArmError } from './errors.ts';

export const provider = 'Microsoft.ContainerRegistry';

/** The resource types that are stored, as ARM spells them. */
export const resourceTypes = {
  resourceGroup: 'Microsoft.Resources/resourceGroups',
  registry: `${provider}/registries`,
  scopeMap: `${provider}/registries/scopeMaps`,
  token: `${provider}/registries/tokens`,
  connectedRegistry: `${provider}/registries/connectedRegistries`,
  replication: `${provider}/registries/replications`,
  webhook: `${provider}/registries/webhooks`,
  roleAssignment: 'Microsoft.Authorization/roleAssignments',
} as const;
export type ResourceType = (typeof resourceTypes)[keyof typeof resourceTypes];

/** Children of a registry and the segment that stands for them in an id. */
const childTypes = {
  scopemaps: resourceTypes.scopeMap,
  tokens: resourceTypes.token,
  connectedregistries: resourceTypes.connectedRegistry,
} as const;

/** A lower-cased id: equal for every spelling of the same resource. */
export type ResourceKey = string & { readonly __brand: 'ResourceKey' };

export function keyOf(id: string): ResourceKey {
  return id.toLowerCase() as ResourceKey;
}

/** Is it the resource `scope`, or something inside? */
export function isWithin(key: ResourceKey, scope: ResourceKey): boolean {
  return key === scope || key.startsWith(`${scope}/`);
}

export function subscriptionId(subscription: string): string {
  return `/subscriptions/${subscription}`;
}

export function resourceGroupId(subscription: string, name: string): string {
  return `${subscriptionId(subscription)}/resourceGroups/${name}`;
}

/** @param groupId the id of its resource group */
export function registryId(groupId: string, name: string): string {
  return `${groupId}/providers/${provider}/registries/${name}`;
}

/** @param registryId the id of its registry */
export function childId(registryId: string, type: ResourceType, name: string): string {
  return `${registryId}/${type.slice(type.lastIndexOf('/') + 1)}/${name}`;
}

/** The last segment: a resource's name. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** The registry that a child's key or id belongs to. */
export function registryKeyOf(id: string): ResourceKey {
  return keyOf(id.split('/').slice(0, 9).join('/'));
}

/** The name of the registry in the id of something in it, as spelled there. */
export function registryNameOf(id: string): string {
  return id.split('/')[8] ?? '';
}

/** The name of the resource group in an id, as spelled there. */
export function resourceGroupOf(id: string): string {
  return id.split('/')[4] ?? '';
}

const childPattern =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.containerregistry\/registries\/[^/]+\/([^/]+)\/[^/]+$/;
const registryPattern =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.containerregistry\/registries\/[^/]+$/;

/**
 * Checks a reference from one resource to another of the same registry.
 * @throws ArmError LinkedInvalidPropertyId when it is not the id of a `type` in this registry
 */
export function parseSibling(
  text: string,
  type: ResourceType,
  registryId: string,
  target: string,
): ResourceKey {
  const key = keyOf(text);
  const match = childPattern.exec(key);
  const found = match && childTypes[match[1] as keyof typeof childTypes];
  if (found !== type || registryKeyOf(key) !== keyOf(registryId)) {
    const example = childId(registryId, type, '{name}');
    const message = `Property id '${text}' at path '${target}' is invalid. Expected an id of this registry, like ${example}.`;
    throw new ArmError('LinkedInvalidPropertyId', message, target);
  }
  return key;
}

/** @throws ArmError LinkedInvalidPropertyId when it is not a registry's id */
export function parseRegistryId(text: string, target: string): ResourceKey {
  const key = keyOf(text);
  if (!registryPattern.test(key)) {
    const message = `Property id '${text}' at path '${target}' is invalid. Expected the id of a container registry.`;
    throw new ArmError('LinkedInvalidPropertyId', message, target);
  }
  return key;
}
