// Tenants and subscriptions: this control plane is one of each. Clients list them when they sign in.
import type { FastifyInstance } from 'fastify';
import { parseFilter } from '../../arm/filter.ts';
import { routePaths, type SubscriptionParams } from '../../arm/route-paths.ts';
import type { Settings } from '../../store/settings.ts';
import { type ResourceContext, requireSubscription } from '../context.ts';
import { registryKind } from '../registries/schema.ts';

const displayName = 'acrc';

interface LookupRoute {
  Params: SubscriptionParams;
  Querystring: { $filter?: string };
}

export function subscriptionRoutes(app: FastifyInstance, context: ResourceContext): void {
  const { settings, resources } = context;

  app.get('/tenants', async () => ({ value: [tenant(settings)] }));
  app.get('/subscriptions', async () => ({ value: [subscription(settings)] }));
  app.get<{ Params: SubscriptionParams }>(routePaths.subscription, async (request) => {
    requireSubscription(settings, request.params);
    return subscription(settings);
  });

  // `az acr` finds the resource group of a registry by this listing.
  app.get<LookupRoute>(`${routePaths.subscription}/resources`, async (request) => {
    requireSubscription(settings, request.params);
    const wanted = parseFilter(request.query.$filter, ['resourceType', 'name', 'resourceGroup']);
    if (wanted.resourceType !== undefined && !same(wanted.resourceType, registryKind.type))
      return { value: [] };
    const found = (await resources.all(registryKind)).filter(
      ({ id, name }) =>
        (wanted.name === undefined || same(wanted.name, name)) &&
        (wanted.resourceGroup === undefined || same(wanted.resourceGroup, id.split('/')[4]!)),
    );
    return {
      value: found.map(({ id, name, type, location, tags, sku }) => ({
        id,
        name,
        type,
        sku: { name: sku, tier: sku },
        location,
        tags,
      })),
    };
  });
}

function tenant({ tenantId }: Settings): object {
  return { id: `/tenants/${tenantId}`, tenantId, displayName, tenantCategory: 'Home' };
}

function subscription({ subscriptionId, tenantId }: Settings): object {
  return {
    id: `/subscriptions/${subscriptionId}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId,
    tenantId,
    displayName,
    state: 'Enabled',
    subscriptionPolicies: { locationPlacementId: 'Public_2014-09-01', quotaId: 'acrc', spendingLimit: 'Off' },
  };
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
