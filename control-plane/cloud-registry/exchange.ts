// `POST /oauth2/exchange`: a signed-in service principal turns its access token into a refresh token of this registry
// (Azure/acr, docs/AAD-OAuth.md), which `az acr login` hands to Docker as a password.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SignIns } from '../../registry-node/auth/sign-ins.ts';
import type { TokenAuthority } from '../../registry-node/auth/token.ts';
import type { Directory, Principal } from '../../registry-node/directory/directory.ts';
import { OciError } from '../../registry-node/oci/errors.ts';
import { ArmError } from '../arm/errors.ts';
import type { ResourceKey } from '../arm/resource-id.ts';
import type { AccessTokens, TokenSubject } from '../identity/access-token.ts';
import { acceptForms } from '../identity/form-body.ts';
import { registryKind } from '../resources/registries/schema.ts';
import type { Resources } from '../store/resources.ts';
import { noRole, servicePrincipalName } from './directory.ts';

const formSchema = z.object({
  // The other two are the names that older clients use.
  grant_type: z.enum(['access_token', 'access_token_refresh_token', 'refresh_token']),
  access_token: z.string(),
  service: z.string(),
});

const audiences = { arm: 'ARM', graph: 'Graph' } as const;

export interface ExchangeDependencies {
  registryKey: ResourceKey;
  resources: Resources;
  directory: Directory;
  accessTokens: AccessTokens;
  authority: TokenAuthority;
  signIns: SignIns;
}

export function exchangeRoute(app: FastifyInstance, dependencies: ExchangeDependencies): void {
  const { registryKey, resources, directory, accessTokens, authority, signIns } = dependencies;

  /** @throws OciError UNAUTHORIZED */
  const admit = async (token: string): Promise<Principal> => {
    const { clientId, kind, credential } = verify(accessTokens, token);
    const registry = await resources.get(registryKind, registryKey);
    if (kind === 'graph' || (kind === 'arm' && !registry?.properties.armAudienceEnabled)) {
      throw new OciError(
        'UNAUTHORIZED',
        `this registry does not accept access tokens for ${audiences[kind]}`,
      );
    }
    const principal = await directory.principal(servicePrincipalName(clientId), credential);
    if (principal) return principal;
    throw new OciError('UNAUTHORIZED', `${noRole}, or it or the password that it signed in with was deleted`);
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

function verify(accessTokens: AccessTokens, token: string): TokenSubject {
  try {
    return accessTokens.verify(token);
  } catch (error) {
    if (error instanceof ArmError) throw new OciError('UNAUTHORIZED', error.message);
    throw error;
  }
}
