// Where a registry lives in ARM. Commands name a registry; its resource group is looked up as az does it when -g is not
// given.
import { type CliError, failure } from '../errors.ts';
import type { Arm } from './arm.ts';
import type { Registry } from './resources.ts';

const registryType = 'Microsoft.ContainerRegistry/registries';

export class RegistryId {
  readonly subscription: string;
  readonly group: string;
  readonly name: string;

  constructor(subscription: string, group: string, name: string) {
    this.subscription = subscription;
    this.group = group;
    this.name = name;
  }

  get path(): string {
    return `/subscriptions/${this.subscription}/resourceGroups/${encodeURIComponent(this.group)}/providers/${registryType}/${this.name}`;
  }

  /** The id of a child, or of the collection when no name is given. */
  child(
    type: 'scopeMaps' | 'tokens' | 'connectedRegistries' | 'replications' | 'webhooks',
    name?: string,
  ): string {
    return `${this.path}/${type}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
  }
}

/** The last segment of a resource id: its name. */
export function nameOf(id: string): string {
  return decodeURIComponent(id.slice(id.lastIndexOf('/') + 1));
}

/** @param wanted its name or id; absent: the first one there is. @throws CliError when there is none such */
export async function findSubscription(arm: Arm, wanted: string | undefined): Promise<Subscription> {
  const all = await arm.list<Subscription>('/subscriptions');
  const matches = ({ subscriptionId, displayName }: Subscription): boolean =>
    [subscriptionId, displayName].some((text) => text.toLowerCase() === wanted?.toLowerCase());
  const found = wanted === undefined ? all[0] : all.find(matches);
  if (found) return found;
  throw failure(
    wanted === undefined
      ? 'The control plane lists no subscription that you may use.'
      : `The subscription of '${wanted}' doesn't exist in cloud '${arm.endpoint}'.`,
  );
}

export interface Subscription {
  subscriptionId: string;
  displayName: string;
}

/** @throws CliError when there is none of that name, or more than one */
export async function findRegistry(
  arm: Arm,
  subscription: string,
  name: string,
  group: string | undefined,
): Promise<RegistryId> {
  if (group !== undefined) return new RegistryId(subscription, group, name);
  const filter = encodeURIComponent(`resourceType eq '${registryType}'`);
  const all = await arm.list<Registry>(
    `/subscriptions/${subscription}/resources?$filter=${filter}&api-version=2022-09-01`,
  );
  const found = all.filter((registry) => registry.name.toLowerCase() === name.toLowerCase());
  if (found.length > 1) {
    throw failure(
      `More than one resources with type '${registryType}' are found with name '${name}'.`,
      'Name its resource group with --resource-group.',
    );
  }
  const owner = found[0] && /\/resourcegroups\/([^/]+)\//.exec(found[0].id.toLowerCase())?.[1];
  if (owner === undefined) throw await notFound(arm, subscription, name);
  return new RegistryId(subscription, owner, name);
}

async function notFound(arm: Arm, subscriptionId: string, name: string): Promise<CliError> {
  const all = await arm.list<Subscription>('/subscriptions');
  const displayName = all.find((one) => one.subscriptionId === subscriptionId)?.displayName ?? 'unknown';
  return failure(
    `The resource with name '${name}' and type '${registryType}' could not be found in subscription ` +
      `'${displayName} (${subscriptionId})'.`,
    "'acrc list -o table' shows the registries there are.",
  );
}
