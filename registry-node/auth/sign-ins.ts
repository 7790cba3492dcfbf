// Signing in, which both a token request and a Basic call to the registry do: a user name with its password, or a refresh
// token; and the bound on how often that may fail, which holds for every other way of signing in, too.
import type { FastifyRequest } from 'fastify';
import type { Directory, Principal } from '../directory/directory.ts';
import { OciError } from '../oci/errors.ts';
import { refreshTokenUser } from './credentials.ts';
import type { FailedAttempts } from './failed-attempts.ts';
import type { TokenAuthority } from './token.ts';

export interface SignIns {
  /** A refresh token is taken for a password too, as `refreshTokenUser`. @throws OciError UNAUTHORIZED, TOOMANYREQUESTS */
  password(request: FastifyRequest, username: string, password: string): Promise<Principal>;
  /**
   * The principal that a refresh token stands for, as it is now. An access token does not do: it was issued for less than
   * its holder may. @throws OciError UNAUTHORIZED, TOOMANYREQUESTS
   */
  refreshToken(request: FastifyRequest, token: string): Promise<Principal>;
  /** Does `work`, which is a sign-in of another kind, within the bound. @throws what it throws; OciError TOOMANYREQUESTS */
  attempt<T>(request: FastifyRequest, work: () => Promise<T>): Promise<T>;
}

export interface SignInsOptions {
  directory: Directory;
  authority: TokenAuthority;
  /** One for all doors, so that a stranger cannot try each in turn. */
  failed: FailedAttempts;
}

export function createSignIns({ directory, authority, failed }: SignInsOptions): SignIns {
  /** By the address that trusted proxies name, else by that of the connection. */
  const attempt: SignIns['attempt'] = async ({ ip }, work) => {
    failed.refuseTooMany(ip);
    try {
      return await work();
    } catch (error) {
      if (error instanceof OciError && error.code === 'UNAUTHORIZED') failed.count(ip);
      throw error;
    }
  };
  const principalOf = async (token: string): Promise<Principal> => {
    const verified = authority.verify(token);
    const subject = verified?.kind === 'refresh_token' ? verified.subject : undefined;
    const principal = subject && (await directory.principal(subject.name, subject.credential));
    if (principal) return principal;
    throw new OciError(
      'UNAUTHORIZED',
      'the token is expired, or whom it was issued to is gone: sign in again',
    );
  };
  return {
    password: (request, username, password) =>
      attempt(request, () =>
        username === refreshTokenUser ? principalOf(password) : directory.authenticate(username, password),
      ),
    refreshToken: (request, token) => attempt(request, () => principalOf(token)),
    attempt,
  };
}
