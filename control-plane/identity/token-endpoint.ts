// The token endpoint (OAuth 2.0 client credentials, RFC 6749 section 4.4), under the paths of AAD's two versions and
// of ADFS.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseAuthorization } from '../../registry-node/auth/credentials.ts';
import type { FailedAttempts } from '../../registry-node/auth/failed-attempts.ts';
import { type AccessTokens, lifetimeSeconds } from './access-token.ts';
import { type AudienceKind, audienceKind } from './audiences.ts';
import { acceptForms } from './form-body.ts';
import type { ServicePrincipal, ServicePrincipals } from './service-principals.ts';
import { knowsTenant } from './tenants.ts';

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
type Form = z.infer<typeof formSchema>;

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

interface TokenRequest {
  clientId: string;
  secret: string;
  audience: string;
  kind: AudienceKind;
}

type Posted = FastifyRequest<{ Params: { tenant: string } }>;

class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly error: keyof typeof refusals;
  readonly headers: Record<string, string>;

  constructor(error: keyof typeof refusals, description: string, headers: Record<string, string> = {}) {
    super(description);
    this.error = error;
    this.headers = headers;
  }
}

export function tokenEndpoint(app: FastifyInstance, options: TokenEndpointOptions): void {
  app.register(async (scope) => {
    acceptForms(scope);
    scope.setErrorHandler(answerRefusal);
    for (const path of paths) {
      scope.post(path, async (request: Posted, reply) => {
        const asked = readRequest(options, request);
        const { principal, credential } = await signIn(options, request.ip, asked);
        const { audience, kind } = asked;
        return reply.header('cache-control', 'no-store').send({
          token_type: 'Bearer',
          expires_in: lifetimeSeconds,
          ext_expires_in: lifetimeSeconds,
          access_token: options.tokens.issue(principal, { audience, kind, credential }),
        });
      });
    }
  });
}

/** @throws Refusal of what can be said against a request before its secret is looked at */
function readRequest({ tenantId }: TokenEndpointOptions, request: Posted): TokenRequest {
  const { tenant } = request.params;
  if (!knowsTenant(tenant, tenantId)) {
    throw new Refusal('invalid_tenant', `Tenant '${tenant}' not found. The tenant here is ${tenantId}.`);
  }
  const form = formSchema.safeParse(request.body).data;
  if (!form) throw new Refusal('invalid_request', 'The request is not a form with a grant_type.');
  if (form.grant_type !== 'client_credentials') {
    throw new Refusal(
      'unsupported_grant_type',
      `The grant type '${form.grant_type}' is not supported; sign in as a service principal.`,
    );
  }
  const [clientId, secret] = credentialsOf(request.headers.authorization, form);
  if (!clientId || !secret) {
    throw new Refusal('invalid_request', 'client_id and client_secret are required.');
  }
  const audience = audienceOf(form);
  const kind = audience && audienceKind(audience, request.host);
  if (!audience || !kind) {
    const named = audience ?? form.scope ?? '';
    throw new Refusal('invalid_resource', `'${named}' is not a resource of this control plane.`);
  }
  return { clientId, secret, audience, kind };
}

/**
 * In the form, or as Basic. RFC 6749 (section 2.3.1) wants both parts of Basic form-encoded, as some clients send them, and others
 * send them as they are, as everywhere else (RFC 7617). Both are read right, because no secret that was ever made has a space or
 * a `%`, and each has a `+`: that one stands for itself.
 */
function credentialsOf(header: string | undefined, form: Form): [string | undefined, string | undefined] {
  const credentials = parseAuthorization(header);
  if (credentials.scheme !== 'basic') return [form.client_id, form.client_secret];
  return [percentDecoded(credentials.username), percentDecoded(credentials.password)];
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function audienceOf({ resource, scope }: Form): string | undefined {
  const scopes = scope?.split(' ') ?? [];
  return resource ?? scopes.find((text) => text.endsWith('/.default'))?.replace(/\/\.default$/, '');
}

/** @throws Refusal */
async function signIn(
  { servicePrincipals, failed }: TokenEndpointOptions,
  address: string,
  { clientId, secret }: TokenRequest,
): Promise<{ principal: ServicePrincipal; credential: string }> {
  const wait = failed.waitSeconds(address);
  if (wait !== undefined) {
    throw new Refusal(
      'temporarily_unavailable',
      `Too many sign-ins from this address have failed; correct the secret and try again in ${wait} s.`,
      { 'retry-after': String(wait) },
    );
  }
  const credential = await servicePrincipals.verify(clientId, secret);
  const principal = credential && (await servicePrincipals.signedIn(clientId.toLowerCase(), credential));
  if (credential && principal) return { principal, credential };
  failed.count(address);
  throw new Refusal('invalid_client', 'The client id or its secret is wrong, or the secret has expired.');
}

function answerRefusal(refusal: Error, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // The handler of the scope around this one deals with everything else.
  if (!(refusal instanceof Refusal)) throw refusal;
  const { status, number, ...known } = refusals[refusal.error];
  const error = 'error' in known ? known.error : refusal.error;
  const description = `${number}: ${refusal.message}`;
  return reply.code(status).headers(refusal.headers).send({ error, error_description: description });
}
