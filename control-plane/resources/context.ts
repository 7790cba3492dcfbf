// What the routes of all resource types work with, built once by the composition root.
import type { Clock } from '../../registry-node/clock.ts';
import type { BodyReader } from '../arm/body.ts';
import { ArmError } from '../arm/errors.ts';
import type { LongRunning } from '../arm/long-running.ts';
import { keyOf, registryId, resourceGroupId, resourceGroupOf } from '../arm/resource-id.ts';
import type { RegistryParams, ResourceGroupParams, SubscriptionParams } from '../arm/route-paths.ts';
import type { Hosts } from '../cloud-registry/hosts.ts';
import type { CloudRegistries } from '../cloud-registry/registries.ts';
import type { Reports } from '../store/reports.ts';
import type { Resource } from '../store/resource.ts';
import type { ResourceReader, Resources } from '../store/resources.ts';
import type { Settings } from '../store/settings.ts';
import type { WebhookEvents } from '../store/webhook-events.ts';
import { registryKind, type RegistryProperties } from './registries/schema.ts';
import { resourceGroupKind, type ResourceGroupProperties } from './resource-groups/schema.ts';

export interface ResourceContext {
  resources: Resources;
  reports: Reports;
  webhookEvents: WebhookEvents;
  longRunning: LongRunning;
  registries: CloudRegistries;
  hosts: Hosts;
  settings: Settings;
  clock: Clock;
  readBody: BodyReader;
}

/** @throws ArmError SubscriptionNotFound: there is one subscription */
export function requireSubscription(settings: Settings, params: SubscriptionParams): string {
  if (params.subscription.toLowerCase() !== settings.subscriptionId) {
    throw new ArmError(
      'SubscriptionNotFound',
      `The subscription '${params.subscription}' could not be found.`,
    );
  }
  return settings.subscriptionId;
}

/** @throws ArmError SubscriptionNotFound, ResourceGroupNotFound */
export async function requireResourceGroup(
  context: ResourceContext,
  reader: ResourceReader,
  params: ResourceGroupParams,
): Promise<Resource<ResourceGroupProperties>> {
  const subscription = requireSubscription(context.settings, params);
  const group = await reader.get(
    resourceGroupKind,
    keyOf(resourceGroupId(subscription, params.resourceGroup)),
  );
  if (group) return group;
  throw new ArmError('ResourceGroupNotFound', `Resource group '${params.resourceGroup}' could not be found.`);
}

/** For what is about to be made in it. @throws ArmError ResourceGroupBeingDeleted, and as requireResourceGroup */
export async function requireLastingGroup(
  context: ResourceContext,
  reader: ResourceReader,
  params: ResourceGroupParams,
): Promise<Resource<ResourceGroupProperties>> {
  const group = await requireResourceGroup(context, reader, params);
  if (group.properties.provisioningState !== 'Deleting') return group;
  throw new ArmError(
    'ResourceGroupBeingDeleted',
    `The resource group '${group.name}' is in deprovisioning state and cannot perform this operation.`,
  );
}

/** @throws ArmError SubscriptionNotFound, ResourceGroupNotFound, ResourceNotFound */
export async function requireRegistry(
  context: ResourceContext,
  reader: ResourceReader,
  params: RegistryParams,
): Promise<Resource<RegistryProperties>> {
  const group = await requireResourceGroup(context, reader, params);
  const registry = await reader.get(registryKind, keyOf(registryId(group.id, params.registry)));
  if (registry) return registry;
  throw new ArmError(
    'ResourceNotFound',
    `The Resource '${registryKind.type}/${params.registry}' under resource group '${resourceGroupOf(group.id)}' was not found. ` +
      'For more details please go to https://aka.ms/ARMResourceNotFoundFix',
  );
}
