// Signing in, which both a token request and a Basic call to the registry do: a user name with its password, or a refresh
// token; and the bound on how often that may fail.
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import type { Directory, Principal } from '../directory/directory.ts';
import { OciError } from '../oci/errors.ts';
import { refreshTokenUser } from './credentials.ts';
import { createFailedAttempts } from './failed-attempts.ts';
import type { TokenAuthority } from './token.ts';

export interface SignIns {
  /** A refresh token is taken for a password too, as `refreshTokenUser`. @throws OciError UNAUTHORIZED, TOOMANYREQUESTS */
  password(request: FastifyRequest, username: string, password: string): Promise<Principal>;
  /**
   * The principal that a refresh token stands for, as it is now. An access token does not do: it was issued for less than
   * its holder may. @throws OciError UNAUTHORIZED, TOOMANYREQUESTS
   */
  refreshToken(request: FastifyRequest, token: string): Promise<Principal>;
}

export interface SignInsOptions {
  directory: Directory;
  authority: TokenAuthority;
  clock: Clock;
}

/** One for all doors of a registry, so that a stranger cannot try each in turn. */
export function createSignIns({ directory, authority, clock }: SignInsOptions): SignIns {
  const failed = createFailedAttempts(clock);

  /** By the address that trusted proxies name, else by that of the connection. */
  const attempt = async ({ ip }: FastifyRequest, work: Promise<Principal>): Promise<Principal> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof OciError && error.code === 'UNAUTHORIZED') failed.count(ip);
      throw error;
    }
  };
  const principalOf = async (token: string): Promise<Principal> => {
    const verified = authority.verify(token);
    const subject = verified?.kind === 'refresh_token' ? verified.subject : undefined;
    const principal = subject === undefined ? undefined : await directory.principal(subject);
    if (principal) return principal;
    throw new OciError(
      'UNAUTHORIZED',
      'the token is expired, or whom it was issued to is gone: sign in again',
    );
  };
  const refreshToken: SignIns['refreshToken'] = async (request, token) => {
    failed.refuseTooMany(request.ip);
    return attempt(request, principalOf(token));
  };
  return {
    password: async (request, username, password) => {
      if (username === refreshTokenUser) return refreshToken(request, password);
      failed.refuseTooMany(request.ip);
      return attempt(request, directory.authenticate(username, password));
    },
    refreshToken,
  };
}
