// `POST /oauth2/exchange`: a signed-in service principal turns its access token into a refresh token of this registry
// (Azure/acr, docs/AAD-OAuth.md), which `az acr login` hands to Docker as a password.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SignIns } from '../../registry-node/auth/sign-ins.ts';
import type { TokenAuthority } from '../../registry-node/auth/token.ts';
import { OciError } from '../../registry-node/oci/errors.ts';
import { ArmError } from '../arm/errors.ts';
import type { ResourceKey } from '../arm/resource-id.ts';
import type { ArmCaller } from '../arm/system-data.ts';
import type { AccessTokens } from '../identity/access-token.ts';
import type { AudienceKind } from '../identity/audiences.ts';
import { acceptForms } from '../identity/form-body.ts';
import type { ServicePrincipals } from '../identity/service-principals.ts';
import { registryKind } from '../resources/registries/schema.ts';
import type { Resources } from '../store/resources.ts';
import { servicePrincipalName } from './directory.ts';

const formSchema = z.object({
  // The other two are the names that older clients use.
  grant_type: z.enum(['access_token', 'access_token_refresh_token', 'refresh_token']),
  access_token: z.string(),
  service: z.string(),
});

export interface ExchangeDependencies {
  registryKey: ResourceKey;
  resources: Resources;
  servicePrincipals: ServicePrincipals;
  accessTokens: AccessTokens;
  authority: TokenAuthority;
  signIns: SignIns;
}

export function exchangeRoute(app: FastifyInstance, dependencies: ExchangeDependencies): void {
  const { registryKey, resources, servicePrincipals, accessTokens, authority, signIns } = dependencies;

  /** @throws OciError UNAUTHORIZED */
  const admit = async (token: string): Promise<string> => {
    const { clientId, kind } = verify(accessTokens, token);
    const registry = await resources.get(registryKind, registryKey);
    if (kind === 'arm' && !registry?.properties.armAudienceEnabled) {
      throw new OciError('UNAUTHORIZED', 'this registry does not accept access tokens for ARM');
    }
    if (!(await servicePrincipals.exists(clientId))) {
      throw new OciError('UNAUTHORIZED', 'the service principal does not exist any more');
    }
    return servicePrincipalName(clientId);
  };

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    acceptForms(scope);
    scope.post('/oauth2/exchange', async (request, reply) => {
      const form = formSchema.safeParse(request.body);
      if (!form.success) {
        throw new OciError(
          'REQUEST_INVALID',
          'expected a form with grant_type=access_token, service and access_token',
        );
      }
      const { access_token: token } = form.data;
      const principal = await signIns.attempt(request, () => admit(token));
      return reply
        .header('cache-control', 'no-store')
        .send({ refresh_token: authority.issueRefresh(principal, form.data.service) });
    });
  });
}

function verify(accessTokens: AccessTokens, token: string): ArmCaller & { kind: AudienceKind } {
  try {
    return accessTokens.verify(token);
  } catch (error) {
    if (error instanceof ArmError) throw new OciError('UNAUTHORIZED', error.message);
    throw error;
  }
}
