// The part of Microsoft Graph by which az and acrc manage service principals (`az ad sp`) and find whom a role is given
// to (`az role assignment`). In Azure the directory has roles of its own; here whoever may assign roles at the
// subscription may change the directory, and whoever has any role may read it.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Permissions } from '../../arm/permissions.ts';
import { subscriptionId as idOfSubscription } from '../../arm/resource-id.ts';
import type { ArmCaller } from '../../arm/system-data.ts';
import type { Settings } from '../../store/settings.ts';
import { graphPath } from '../audiences.ts';
import type { ServicePrincipals } from '../service-principals.ts';
import { applicationRoutes } from './applications.ts';
import { answerGraphError, GraphError } from './errors.ts';
import { principalRoutes } from './principals.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A POST of Graph that changes nothing. */
    reads?: boolean;
  }
}

export interface GraphOptions {
  servicePrincipals: ServicePrincipals;
  settings: Settings;
  /** @throws ArmError of status 401 */
  authenticate: (request: FastifyRequest) => Promise<ArmCaller>;
  permissionsOf: (caller: ArmCaller) => Promise<Permissions>;
}

const manage = 'Microsoft.Authorization/roleAssignments/write';

export function graphRoutes(app: FastifyInstance, options: GraphOptions): void {
  const { servicePrincipals, settings } = options;
  const subscription = idOfSubscription(settings.subscriptionId);
  app.register(
    async (graph) => {
      graph.setErrorHandler(answerGraphError);
      graph.addHook('onRequest', async (request) => {
        const permissions = await options.permissionsOf(await options.authenticate(request));
        const allowed = isRead(request)
          ? permissions.hasRoleWithin(subscription)
          : permissions.may(manage, subscription);
        if (allowed) return;
        throw new GraphError(
          'Authorization_RequestDenied',
          'Insufficient privileges to complete the operation.',
        );
      });
      applicationRoutes(graph, servicePrincipals);
      principalRoutes(graph, servicePrincipals, settings.tenantId);
      // There are none, which is an answer for who looks for the holder of a role.
      for (const path of ['/users', '/groups']) graph.get(path, async () => ({ value: [] }));
      for (const path of ['/me', '/me/*']) {
        graph.get(path, () => {
          throw new GraphError('BadRequest', '/me request is only valid with delegated authentication flow.');
        });
      }
      graph.all('/*', (request) => {
        throw new GraphError(
          'BadRequest',
          `The directory of this control plane has applications and service principals only, and nothing at '${request.url.split('?', 1)[0]}'.`,
        );
      });
    },
    { prefix: `${graphPath}/v1.0` },
  );
}

function isRead({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD' || routeOptions.config.reads === true;
}
