// Resource providers: clients ask which types, places and api-versions there are, and whether the provider is
// registered before they use it.
import type { FastifyInstance } from 'fastify';
import { publishedVersions } from '../../arm/api-version.ts';
import { ArmError } from '../../arm/errors.ts';
import { provider } from '../../arm/resource-id.ts';
import { anyCaller } from '../../arm/route-action.ts';
import { routePaths, type SubscriptionParams } from '../../arm/route-paths.ts';
import { type ResourceContext, requireSubscription } from '../context.ts';
import { locations } from './locations.ts';
import { providerOperations } from './operations.ts';

const forAnyCaller = { config: { action: anyCaller } };
const ownVersions = ['2024-11-01', '2022-09-01', '2021-04-01', '2020-10-01', '2020-06-01'];
const places = Object.values(locations);

interface ResourceTypeShown {
  resourceType: string;
  locations: string[];
  apiVersions: readonly string[];
  capabilities: 'None';
}

/** Namespace -> its types. */
const providers: Readonly<Record<string, ResourceTypeShown[]>> = {
  [provider]: [
    'registries',
    'registries/scopeMaps',
    'registries/tokens',
    'registries/connectedRegistries',
    'registries/connectedRegistries/deactivate',
    'registries/replications',
    'registries/webhooks',
    'registries/webhooks/ping',
    'registries/webhooks/getCallbackConfig',
    'registries/webhooks/listEvents',
    'registries/listCredentials',
    'registries/regenerateCredential',
    'registries/generateCredentials',
    'registries/listUsages',
    'registries/importImage',
    'checkNameAvailability',
    'operations',
    'locations',
    'locations/operationResults',
  ].map((resourceType) => ({
    resourceType,
    locations: places,
    apiVersions: publishedVersions,
    capabilities: 'None',
  })),
  'Microsoft.Resources': ['subscriptions', 'resourceGroups', 'tenants', 'resources', 'providers'].map(
    (resourceType) => ({ resourceType, locations: [], apiVersions: ownVersions, capabilities: 'None' }),
  ),
  'Microsoft.Authorization': ['roleAssignments', 'roleDefinitions', 'permissions'].map((resourceType) => ({
    resourceType,
    locations: [],
    apiVersions: ['2022-04-01', '2020-04-01-preview', '2018-01-01-preview', '2015-07-01'],
    capabilities: 'None',
  })),
};

interface Route {
  Params: SubscriptionParams & { namespace: string };
}

export function providerRoutes(app: FastifyInstance, { settings }: ResourceContext): void {
  const known = (namespace: string): string => {
    const found = Object.keys(providers).find((name) => name.toLowerCase() === namespace.toLowerCase());
    if (found !== undefined) return found;
    throw new ArmError(
      'InvalidResourceNamespace',
      `The resource namespace '${namespace}' is invalid: this control plane has ${Object.keys(providers).join(', ')}.`,
    );
  };
  const all = (prefix: string): object => ({
    value: Object.keys(providers).map((name) => toProvider(name, prefix)),
  });

  app.get('/providers', forAnyCaller, async () => all(''));
  app.get<Route>('/providers/:namespace', forAnyCaller, async (request) =>
    toProvider(known(request.params.namespace), ''),
  );
  app.get(`/providers/${provider}/operations`, forAnyCaller, async () => ({ value: providerOperations }));

  const list = `${routePaths.subscription}/providers`;
  app.get<Route>(list, async (request) =>
    all(`/subscriptions/${requireSubscription(settings, request.params)}`),
  );
  app.get<Route>(`${list}/:namespace`, async (request) => {
    const subscription = requireSubscription(settings, request.params);
    return toProvider(known(request.params.namespace), `/subscriptions/${subscription}`);
  });
  // `az provider register`: everything is registered already.
  app.post<Route>(`${list}/:namespace/register`, async (request) => {
    const subscription = requireSubscription(settings, request.params);
    return toProvider(known(request.params.namespace), `/subscriptions/${subscription}`);
  });
}

function toProvider(namespace: string, prefix: string): object {
  return {
    id: `${prefix}/providers/${namespace}`,
    namespace,
    registrationPolicy: 'RegistrationRequired',
    registrationState: 'Registered',
    resourceTypes: providers[namespace]!,
  };
}
