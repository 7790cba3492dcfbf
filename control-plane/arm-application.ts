// ARM and sign-in as one application: the table of everything it serves.
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { FailedAttempts } from '../registry-node/auth/failed-attempts.ts';
import { healthRoutes } from '../registry-node/http/health.ts';
import { notImplementedRoutes } from './arm/not-implemented.ts';
import { operationRoutes } from './arm/operation-routes.ts';
import { createArmServer } from './arm/server.ts';
import type { AdminPasswords } from './cloud-registry/admin-passwords.ts';
import type { Imports } from './cloud-registry/import/queue.ts';
import type { AccessTokens } from './identity/access-token.ts';
import { armAuthentication } from './identity/authenticate.ts';
import { discoveryRoutes } from './identity/discovery.ts';
import type { ServicePrincipals } from './identity/service-principals.ts';
import type { SigningKey } from './identity/signing-key.ts';
import { tokenEndpoint } from './identity/token-endpoint.ts';
import { connectedRegistryActions } from './resources/connected-registries/actions.ts';
import { connectedRegistryRoutes } from './resources/connected-registries/routes.ts';
import type { ResourceContext } from './resources/context.ts';
import { adminCredentialRoutes } from './resources/registries/credentials.ts';
import { importImageRoute } from './resources/registries/import-image/routes.ts';
import { registryRoutes } from './resources/registries/routes.ts';
import { resourceGroupRoutes } from './resources/resource-groups/routes.ts';
import { scopeMapRoutes } from './resources/scope-maps/routes.ts';
import { subscriptionRoutes } from './resources/subscriptions/routes.ts';
import { generateCredentialsRoute } from './resources/tokens/generate-credentials.ts';
import { tokenRoutes } from './resources/tokens/routes.ts';
import type { Operations } from './store/operations.ts';

export interface ArmApplicationOptions {
  context: ResourceContext;
  operations: Operations;
  imports: Imports;
  adminPasswords: AdminPasswords;
  accessTokens: AccessTokens;
  servicePrincipals: ServicePrincipals;
  failedAttempts: FailedAttempts;
  key: SigningKey;
  acrSuffix: string;
  trustedProxies: readonly string[] | undefined;
  logger: Logger;
}

export function createArmApplication(options: ArmApplicationOptions): FastifyInstance {
  const { context, accessTokens: tokens, servicePrincipals, key, acrSuffix } = options;
  return createArmServer({
    logger: options.logger,
    trustedProxies: options.trustedProxies,
    authenticate: armAuthentication(tokens, servicePrincipals),
    openRoutes: (app) => {
      // It listens once everything is open.
      healthRoutes(app, () => undefined);
      discoveryRoutes(app, { key, tenantId: context.settings.tenantId, acrSuffix });
      tokenEndpoint(app, { tokens, servicePrincipals, failed: options.failedAttempts });
    },
    routes: (app) => {
      subscriptionRoutes(app, context);
      resourceGroupRoutes(app, context);
      registryRoutes(app, context);
      adminCredentialRoutes(app, context, options.adminPasswords);
      importImageRoute(app, context, options.imports);
      scopeMapRoutes(app, context);
      tokenRoutes(app, context);
      generateCredentialsRoute(app, context);
      connectedRegistryRoutes(app, context);
      connectedRegistryActions(app, context);
      operationRoutes(app, options.operations, context.longRunning);
      notImplementedRoutes(app);
    },
  });
}
