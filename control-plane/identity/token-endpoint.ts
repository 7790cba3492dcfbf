// The token endpoint (OAuth 2.0 client credentials, RFC 6749 section 4.4), under the paths of AAD's two versions and
// of ADFS.
import { acceptForms } from './form-body.ts';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { FailedAttempts } from '../../registry-node/auth/failed-attempts.ts';
import { type AccessTokens, lifetimeSeconds } from './access-token.ts';
import { audienceKind } from './audiences.ts';
import { knowsTenant } from './tenants.ts';
import type { ServicePrincipals } from './service-principals.ts';

const paths = ['/:tenant/oauth2/v2.0/token', '/:tenant/oauth2/token'];

const formSchema = z.object({
  grant_type: z.string(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  /** v2.0: `https://host/.default`, among others. */
  scope: z.string().optional(),
  /** v1: `https://host/`. */
  resource: z.string().optional(),
});

/** error -> what is wrong (RFC 6749 section 5.2), with the status and AAD's number for it. */
const refusals = {
  invalid_request: { status: 400, number: 'AADSTS900144' },
  unsupported_grant_type: { status: 400, number: 'AADSTS70003' },
  invalid_resource: { status: 400, number: 'AADSTS500011' },
  invalid_tenant: { error: 'invalid_request', status: 400, number: 'AADSTS90002' },
  invalid_client: { status: 401, number: 'AADSTS7000215' },
  temporarily_unavailable: { status: 429, number: 'AADSTS50053' },
} as const;

export interface TokenEndpointOptions {
  tokens: AccessTokens;
  servicePrincipals: ServicePrincipals;
  tenantId: string;
  /** The same as at the login servers, where service principals sign in, too. */
  failed: FailedAttempts;
}

export function tokenEndpoint(
  app: FastifyInstance,
  { tokens, servicePrincipals, tenantId, failed }: TokenEndpointOptions,
): void {
  app.register(async (scope) => {
    acceptForms(scope);
    for (const path of paths) {
      scope.post<{ Params: { tenant: string } }>(path, async (request, reply) => {
        const { tenant } = request.params;
        if (!knowsTenant(tenant, tenantId))
          return refuse(
            reply,
            'invalid_tenant',
            `Tenant '${tenant}' not found. The tenant here is ${tenantId}.`,
          );
        const form = formSchema.safeParse(request.body);
        if (!form.success)
          return refuse(reply, 'invalid_request', 'The request is not a form with a grant_type.');
        const { grant_type: grantType, scope: scopes, resource } = form.data;
        if (grantType !== 'client_credentials') {
          return refuse(
            reply,
            'unsupported_grant_type',
            `The grant type '${grantType}' is not supported; sign in as a service principal.`,
          );
        }
        const [clientId, secret] = credentialsOf(request.headers.authorization, form.data);
        if (!clientId || !secret)
          return refuse(reply, 'invalid_request', 'client_id and client_secret are required.');
        const audience =
          resource ??
          scopes
            ?.split(' ')
            .find((text) => text.endsWith('/.default'))
            ?.replace(/\/\.default$/, '');
        const kind = audience && audienceKind(audience, request.host);
        if (!audience || !kind) {
          return refuse(
            reply,
            'invalid_resource',
            `'${audience ?? scopes ?? ''}' is not a resource of this control plane.`,
          );
        }
        const wait = failed.waitSeconds(request.ip);
        if (wait !== undefined) {
          return refuse(
            reply.header('retry-after', wait),
            'temporarily_unavailable',
            `Too many sign-ins from this address have failed; correct the secret and try again in ${wait} s.`,
          );
        }
        const credential = await servicePrincipals.verify(clientId, secret);
        const principal =
          credential && (await servicePrincipals.signedIn(clientId.toLowerCase(), credential));
        if (!credential || !principal) {
          failed.count(request.ip);
          return refuse(
            reply,
            'invalid_client',
            'The client id or its secret is wrong, or the secret has expired.',
          );
        }
        return reply.header('cache-control', 'no-store').send({
          token_type: 'Bearer',
          expires_in: lifetimeSeconds,
          ext_expires_in: lifetimeSeconds,
          access_token: tokens.issue(principal, { audience, kind, credential }),
        });
      });
    }
  });
}

/** In the form, or as Basic with both parts form-encoded (RFC 6749 section 2.3.1). */
function credentialsOf(
  header: string | undefined,
  form: z.infer<typeof formSchema>,
): [string | undefined, string | undefined] {
  const basic = /^basic +(\S+)$/i.exec(header ?? '')?.[1];
  if (basic === undefined) return [form.client_id, form.client_secret];
  const text = Buffer.from(basic, 'base64').toString('utf8');
  const parsed = new URLSearchParams(text.replace(':', '=')).entries().next().value;
  return [parsed?.[0], parsed?.[1]];
}

function refuse(reply: FastifyReply, error: keyof typeof refusals, description: string): FastifyReply {
  const { status, number, ...known } = refusals[error];
  const code = 'error' in known ? known.error : error;
  return reply.code(status).send({ error: code, error_description: `${number}: ${description}` });
}
