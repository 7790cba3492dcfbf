// ARM and sign-in as one application: the table of everything it serves.
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { FailedAttempts } from '../registry-node/auth/failed-attempts.ts';
import { healthRoutes } from '../registry-node/http/health.ts';
import { notImplementedRoutes } from './arm/not-implemented.ts';
import { operationRoutes } from './arm/operation-routes.ts';
import type { Permissions } from './arm/permissions.ts';
import { createArmServer } from './arm/server.ts';
import type { ArmCaller } from './arm/system-data.ts';
import type { AdminPasswords } from './cloud-registry/admin-passwords.ts';
import type { Imports } from './cloud-registry/import/queue.ts';
import type { AccessTokens } from './identity/access-token.ts';
import type { AudienceKind } from './identity/audiences.ts';
import { bearerAuthentication } from './identity/authenticate.ts';
import { discoveryRoutes } from './identity/discovery.ts';
import { graphRoutes } from './identity/graph/routes.ts';
import type { Roles } from './identity/roles.ts';
import type { ServicePrincipals } from './identity/service-principals.ts';
import type { SigningKey } from './identity/signing-key.ts';
import { tokenEndpoint } from './identity/token-endpoint.ts';
import { connectedRegistryActions } from './resources/connected-registries/actions.ts';
import { onSiteRoutes } from './resources/connected-registries/on-site.ts';
import { connectedRegistryRoutes } from './resources/connected-registries/routes.ts';
import type { ResourceContext } from './resources/context.ts';
import { providerRoutes } from './resources/providers/routes.ts';
import { adminCredentialRoutes } from './resources/registries/credentials.ts';
import { importImageRoute } from './resources/registries/import-image/routes.ts';
import { registryRoutes } from './resources/registries/routes.ts';
import { replicationRoutes } from './resources/replications/routes.ts';
import { resourceGroupRoutes } from './resources/resource-groups/routes.ts';
import { roleAssignmentRoutes } from './resources/role-assignments/routes.ts';
import { roleDefinitionRoutes } from './resources/role-definitions/routes.ts';
import { scopeMapRoutes } from './resources/scope-maps/routes.ts';
import { resourceListRoutes } from './resources/subscriptions/resource-list.ts';
import { subscriptionRoutes } from './resources/subscriptions/routes.ts';
import { generateCredentialsRoute } from './resources/tokens/generate-credentials.ts';
import { tokenRoutes } from './resources/tokens/routes.ts';
import { webhookActionRoutes } from './resources/webhooks/actions.ts';
import { webhookRoutes } from './resources/webhooks/routes.ts';

export interface ArmApplicationOptions {
  context: ResourceContext;
  imports: Imports;
  adminPasswords: AdminPasswords;
  accessTokens: AccessTokens;
  servicePrincipals: ServicePrincipals;
  roles: Roles;
  failedAttempts: FailedAttempts;
  key: SigningKey;
  acrSuffix: string;
  trustedProxies: readonly string[] | undefined;
  logger: Logger;
}

export function createArmApplication(options: ArmApplicationOptions): FastifyInstance {
  const { context, accessTokens: tokens, servicePrincipals, roles, key, acrSuffix } = options;
  const { settings } = context;
  const permissionsOf = ({ objectId }: ArmCaller): Promise<Permissions> => roles.permissionsOf(objectId);
  const bearer = (kind: AudienceKind) => bearerAuthentication(kind, tokens, servicePrincipals);
  return createArmServer({
    logger: options.logger,
    trustedProxies: options.trustedProxies,
    authenticate: bearer('arm'),
    permissionsOf,
    subscriptionId: settings.subscriptionId,
    openRoutes: (app) => {
      // It listens once everything is open.
      healthRoutes(app, () => undefined);
      discoveryRoutes(app, { key, tenantId: settings.tenantId, acrSuffix });
      tokenEndpoint(app, {
        tokens,
        servicePrincipals,
        tenantId: settings.tenantId,
        failed: options.failedAttempts,
      });
      graphRoutes(app, { servicePrincipals, settings, authenticate: bearer('graph'), permissionsOf });
    },
    routes: (app) => {
      subscriptionRoutes(app, context);
      roleDefinitionRoutes(app, settings);
      roleAssignmentRoutes(app, context, servicePrincipals);
      providerRoutes(app, context);
      resourceListRoutes(app, context);
      resourceGroupRoutes(app, context);
      registryRoutes(app, context);
      adminCredentialRoutes(app, context, options.adminPasswords);
      importImageRoute(app, context, options.imports);
      scopeMapRoutes(app, context);
      tokenRoutes(app, context);
      generateCredentialsRoute(app, context);
      connectedRegistryRoutes(app, context);
      connectedRegistryActions(app, context);
      onSiteRoutes(app, context);
      webhookRoutes(app, context);
      webhookActionRoutes(app, context);
      replicationRoutes(app, context);
      operationRoutes(app, context.longRunning);
      notImplementedRoutes(app);
    },
  });
}
