// The stems of ARM's URLs, written once. The router ignores their case.
import { provider } from './resource-id.ts';

const subscription = '/subscriptions/:subscription';
const resourceGroup = `${subscription}/resourceGroups/:resourceGroup`;
const providerInGroup = `${resourceGroup}/providers/${provider}`;

export const routePaths = {
  subscription,
  resourceGroup,
  providerInSubscription: `${subscription}/providers/${provider}`,
  registries: `${providerInGroup}/registries`,
  registry: `${providerInGroup}/registries/:registry`,
} as const;

export interface SubscriptionParams {
  subscription: string;
}
export interface ResourceGroupParams extends SubscriptionParams {
  resourceGroup: string;
}
export interface RegistryParams extends ResourceGroupParams {
  registry: string;
}
export interface ChildParams extends RegistryParams {
  name: string;
}
