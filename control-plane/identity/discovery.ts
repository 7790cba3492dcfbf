// What clients read before they sign in: the description of this cloud, the sign-in endpoints and their key (`az
// cloud register` and MSAL ask for it). All of it is about the host that the client asked, so any name for this
// machine works.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { origin } from '../arm/origin.ts';
import type { SigningKey } from './signing-key.ts';

interface TenantRoute {
  Params: { tenant: string };
}

/** @param acrSuffix what follows a registry's name in its login server, with the leading dot */
export function discoveryRoutes(
  app: FastifyInstance,
  { key, tenantId, acrSuffix }: { key: SigningKey; tenantId: string; acrSuffix: string },
): void {
  app.get<{ Querystring: { 'api-version'?: string } }>('/metadata/endpoints', async (request) => {
    const url = origin(request);
    const version = request.query['api-version'] ?? '';
    return version >= '2019-05-01' ? cloudDescription(url, tenantId, acrSuffix) : oldCloudDescription(url);
  });

  const configuration = (request: FastifyRequest, authority: string): object => {
    const base = `${origin(request)}/${authority}`;
    const token = authority === 'adfs' ? `${base}/oauth2/token` : `${base}/oauth2/v2.0/token`;
    return {
      issuer: base,
      token_endpoint: token,
      // MSAL wants both to be named; only client credentials sign in here.
      authorization_endpoint: `${base}/oauth2/authorize`,
      device_authorization_endpoint: `${base}/oauth2/devicecode`,
      jwks_uri: `${origin(request)}/common/discovery/keys`,
      response_types_supported: ['token'],
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      id_token_signing_alg_values_supported: ['RS256'],
      subject_types_supported: ['pairwise'],
    };
  };
  app.get('/adfs/.well-known/openid-configuration', async (request) => configuration(request, 'adfs'));
  for (const path of [
    '/:tenant/v2.0/.well-known/openid-configuration',
    '/:tenant/.well-known/openid-configuration',
  ]) {
    app.get<TenantRoute>(path, async (request) => configuration(request, request.params.tenant));
  }

  const keys = {
    keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: key.keyId, use: 'sig', alg: 'RS256' }],
  };
  for (const path of ['/:tenant/discovery/keys', '/:tenant/discovery/v2.0/keys'])
    app.get(path, async () => keys);
}

/** One object, for clients since 2022. */
function cloudDescription(url: string, tenantId: string, acrSuffix: string): object {
  return {
    name: 'acrc',
    portal: url,
    authentication: {
      loginEndpoint: `${url}/adfs`,
      audiences: [url],
      tenant: tenantId,
      identityProvider: 'ADFS',
    },
    resourceManager: url,
    graph: url,
    graphAudience: url,
    gallery: url,
    media: url,
    suffixes: { acrLoginServer: acrSuffix, keyVaultDns: '', storage: '' },
  };
}

/** As Azure Stack describes itself to older clients. */
function oldCloudDescription(url: string): object {
  return {
    galleryEndpoint: url,
    graphEndpoint: url,
    portalEndpoint: url,
    authentication: { loginEndpoint: `${url}/adfs`, audiences: [url] },
  };
}
