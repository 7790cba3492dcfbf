// Tenants and subscriptions: this control plane is one of each. Clients list them when they sign in.
import type { FastifyInstance } from 'fastify';
import { permissionsOf } from '../../arm/authorization.ts';
import { anyCaller } from '../../arm/route-action.ts';
import { routePaths, type SubscriptionParams } from '../../arm/route-paths.ts';
import type { Settings } from '../../store/settings.ts';
import { type ResourceContext, requireSubscription } from '../context.ts';
import { locations } from '../providers/locations.ts';

const displayName = 'acrc';
const forAnyCaller = { config: { action: anyCaller } };

interface Route {
  Params: SubscriptionParams;
}

export function subscriptionRoutes(app: FastifyInstance, { settings }: ResourceContext): void {
  app.get('/tenants', forAnyCaller, async () => ({ value: [tenant(settings)] }));
  app.get('/subscriptions', forAnyCaller, async (request) => {
    const permissions = permissionsOf(request);
    const value = [subscription(settings)].filter(({ id }) => permissions.hasRoleWithin(id));
    return { value, count: { type: 'Total', value: value.length } };
  });
  app.get<Route>(routePaths.subscription, async (request) => {
    requireSubscription(settings, request.params);
    return subscription(settings);
  });
  app.get<Route>(`${routePaths.subscription}/locations`, async (request) => {
    const id = requireSubscription(settings, request.params);
    return {
      value: Object.entries(locations).map(([name, shown]) => ({
        id: `/subscriptions/${id}/locations/${name}`,
        name,
        type: 'Region',
        displayName: shown,
        regionalDisplayName: shown,
        metadata: { regionType: 'Physical', regionCategory: 'Recommended' },
      })),
    };
  });
}

function tenant({ tenantId }: Settings): object {
  return { id: `/tenants/${tenantId}`, tenantId, displayName, tenantCategory: 'Home' };
}

function subscription({ subscriptionId, tenantId }: Settings): { id: string } & Record<string, unknown> {
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
