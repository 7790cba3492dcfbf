// Where clients turn a password or a refresh token into an access token (distribution's token
// authentication): GET with Basic, as Docker asks, and POST of a form, as the SDKs and newer Dockers do.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Directory, Principal } from '../directory/directory.ts';
import { readBody } from '../http/body.ts';
import { OciError } from '../oci/errors.ts';
import { hostOf } from './challenge.ts';
import { basicChallenge } from './create-gate.ts';
import { parseAuthorization } from './credentials.ts';
import { grantAccess } from './grant.ts';
import type { SignIns } from './sign-ins.ts';
import type { TokenAuthority } from './token.ts';

export interface TokenRoutesOptions {
  directory: Directory;
  authority: TokenAuthority;
  signIns: SignIns;
  /** All answer alike, e.g. `/oauth2/token` and `/acr/oauth2/token`. */
  paths: readonly string[];
  /** A password may be newer than what is known here: when to ask again, in seconds. Absent, or undefined: it is wrong. */
  refusedRetrySeconds?: () => number | undefined;
}

interface TokenRequest {
  /** Undefined for a caller without credentials. */
  principal: Principal | undefined;
  service: string | null;
  scopes: readonly string[];
  /** A refresh token, too, to sign in with later. */
  offline: boolean;
}

/** A refresh token and a hundred scopes are far below. */
const formBytesMax = 128 * 1024;

export function tokenRoutes(app: FastifyInstance, options: TokenRoutesOptions): void {
  for (const path of options.paths) {
    app.get(path, async (request, reply) =>
      answer(options, request, reply, await readQuery(options, request)),
    );
    app.post(path, async (request, reply) =>
      answer(options, request, reply, await readForm(options, request)),
    );
  }
}

async function readQuery(options: TokenRoutesOptions, request: FastifyRequest): Promise<TokenRequest> {
  const query = new URL(request.url, 'http://registry').searchParams;
  const credentials = parseAuthorization(request.headers.authorization);
  if (credentials.scheme === 'unknown' || credentials.scheme === 'bearer') {
    throw refused('this address takes Basic credentials, or none');
  }
  const principal =
    credentials.scheme === 'basic'
      ? await orRefused(
          options,
          options.signIns.password(request, credentials.username, credentials.password),
        )
      : undefined;
  return {
    principal,
    service: query.get('service'),
    scopes: query.getAll('scope'),
    offline: query.get('offline_token') === 'true',
  };
}

async function readForm(options: TokenRoutesOptions, request: FastifyRequest): Promise<TokenRequest> {
  const tooLarge = (): OciError =>
    new OciError('REQUEST_INVALID', `a token request has at most ${formBytesMax} bytes`);
  const form = new URLSearchParams((await readBody(request.raw, formBytesMax, tooLarge)).toString('utf8'));
  return {
    principal: await orRefused(options, principalOfForm(options.signIns, request, form)),
    service: form.get('service'),
    scopes: form.getAll('scope'),
    offline: form.get('access_type') === 'offline' || form.get('offline_token') === 'true',
  };
}

async function principalOfForm(
  signIns: SignIns,
  request: FastifyRequest,
  form: URLSearchParams,
): Promise<Principal | undefined> {
  switch (form.get('grant_type')) {
    case 'password': {
      const username = form.get('username') ?? '';
      // The SDKs' way to ask for an anonymous token: a password grant that names nobody.
      return username === '' ? undefined : signIns.password(request, username, form.get('password') ?? '');
    }
    case 'refresh_token':
      return signIns.refreshToken(request, form.get('refresh_token') ?? '');
    default:
      throw new OciError('REQUEST_INVALID', "expected a form with grant_type 'password' or 'refresh_token'");
  }
}

async function answer(
  { directory, authority }: TokenRoutesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  { principal, service, scopes, offline }: TokenRequest,
): Promise<FastifyReply> {
  const holder = principal ?? (await directory.anonymous());
  if (!holder)
    throw refused('authentication required, visit https://aka.ms/acr/authorization for more information.');
  const audience = service ?? hostOf(request);
  const access = grantAccess(holder, scopes);
  const issued = authority.issueAccess(principal, audience, access);
  return reply.header('cache-control', 'no-store').send({
    access_token: issued.token,
    // What Docker read before it learned the other name.
    token: issued.token,
    expires_in: issued.expiresInSeconds,
    issued_at: issued.issuedAt.toISOString(),
    ...(offline && principal && { refresh_token: authority.issueRefresh(principal, audience) }),
  });
}

async function orRefused<T>({ refusedRetrySeconds }: TokenRoutesOptions, signingIn: Promise<T>): Promise<T> {
  try {
    return await signingIn;
  } catch (error) {
    if (error instanceof OciError && error.code === 'UNAUTHORIZED') {
      const seconds = refusedRetrySeconds?.();
      throw refused(error.message, error, seconds === undefined ? {} : { 'retry-after': String(seconds) });
    }
    throw error;
  }
}

function refused(message: string, cause?: OciError, more: Record<string, string> = {}): OciError {
  const headers = { ...basicChallenge, ...more };
  return new OciError('UNAUTHORIZED', message, cause?.detail, { cause, headers });
}
