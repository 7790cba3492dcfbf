// What clients read before they sign in: the description of this cloud, the sign-in endpoints and their key (`az
// cloud register` and MSAL ask for it). All of it is about the host that the client asked, so any name for this
// machine works.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { origin } from '../arm/origin.ts';
import { cloudDescription, oldCloudDescription } from './cloud-description.ts';
import type { SigningKey } from './signing-key.ts';
import { knowsTenant } from './tenants.ts';

interface TenantRoute {
  Params: { tenant: string };
}

/** @param acrSuffix what follows a registry's name in its login server, with the leading dot */
export function discoveryRoutes(
  app: FastifyInstance,
  { key, tenantId, acrSuffix }: { key: SigningKey; tenantId: string; acrSuffix: string },
): void {
  app.get<{ Querystring: { 'api-version'?: string } }>('/metadata/endpoints', async (request) => {
    const version = request.query['api-version'] ?? '';
    const description = { origin: origin(request), tenantId, acrSuffix };
    if (version >= '2022-09-01') return cloudDescription(description);
    // From 2019 on a list of all clouds, of which there is one.
    return version >= '2019-05-01' ? [cloudDescription(description)] : oldCloudDescription(description);
  });

  const configuration = (request: FastifyRequest<TenantRoute>, reply: FastifyReply): object => {
    const { tenant } = request.params;
    return knowsTenant(tenant, tenantId)
      ? openIdConfiguration(origin(request), tenant)
      : refuseTenant(reply, tenant, tenantId);
  };
  app.get<TenantRoute>('/:tenant/.well-known/openid-configuration', async (request, reply) =>
    configuration(request, reply),
  );
  app.get<TenantRoute>('/:tenant/v2.0/.well-known/openid-configuration', async (request, reply) =>
    configuration(request, reply),
  );

  // Which hosts are one cloud, and where a tenant's configuration is: MSAL asks before it believes an authority.
  app.get('/common/discovery/instance', async (request) => ({
    tenant_discovery_endpoint: `${origin(request)}/${tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: request.host, preferred_cache: request.host, aliases: [request.host] }],
  }));

  const keys = {
    keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: key.keyId, use: 'sig', alg: 'RS256' }],
  };
  for (const path of ['/:tenant/discovery/keys', '/:tenant/discovery/v2.0/keys'])
    app.get(path, async () => keys);
}

function openIdConfiguration(url: string, tenant: string): object {
  const authority = `${url}/${tenant}`;
  const token = tenant.toLowerCase() === 'adfs' ? 'oauth2/token' : 'oauth2/v2.0/token';
  return {
    issuer: authority,
    token_endpoint: `${authority}/${token}`,
    // MSAL wants both to be named; only client credentials sign in here.
    authorization_endpoint: `${authority}/oauth2/authorize`,
    device_authorization_endpoint: `${authority}/oauth2/devicecode`,
    jwks_uri: `${url}/common/discovery/keys`,
    response_types_supported: ['token'],
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    id_token_signing_alg_values_supported: ['RS256'],
    subject_types_supported: ['pairwise'],
  };
}

function refuseTenant(reply: FastifyReply, tenant: string, tenantId: string): FastifyReply {
  return reply.code(400).send({
    error: 'invalid_tenant',
    error_description: `AADSTS90002: Tenant '${tenant}' not found. The tenant here is ${tenantId}.`,
  });
}
