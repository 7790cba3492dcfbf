// What a request says about its caller: the Authorization header (RFC 7617 and RFC 6750), and the sign-in that both a
// token request and a Basic call to the registry make of a user name and a password.
import type { Directory, Principal } from '../directory/directory.ts';
import { OciError } from '../oci/errors.ts';
import type { TokenAuthority } from './token.ts';

export type Credentials =
  | { scheme: 'none' }
  | { scheme: 'bearer'; token: string }
  | { scheme: 'basic'; username: string; password: string }
  | { scheme: 'unknown' };

/** Not a user: says that the password is a refresh token, as `az acr login` hands it to Docker. */
export const refreshTokenUser = '00000000-0000-0000-0000-000000000000';

export function parseAuthorization(header: string | undefined): Credentials {
  if (header === undefined || header === '') return { scheme: 'none' };
  const [, scheme, value] = /^(\S+) +(\S+)\s*$/.exec(header) ?? [];
  if (value === undefined) return { scheme: 'unknown' };
  if (scheme?.toLowerCase() === 'bearer') return { scheme: 'bearer', token: value };
  if (scheme?.toLowerCase() !== 'basic') return { scheme: 'unknown' };
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return { scheme: 'unknown' };
  return { scheme: 'basic', username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** @throws OciError UNAUTHORIZED */
export async function signIn(
  { directory, authority }: { directory: Directory; authority: TokenAuthority },
  username: string,
  password: string,
): Promise<Principal> {
  if (username !== refreshTokenUser) return directory.authenticate(username, password);
  return principalOfToken({ directory, authority }, password);
}

/**
 * The principal that a refresh token stands for, as it is now. An access token does not do: it was issued for less than
 * its holder may. @throws OciError UNAUTHORIZED
 */
export async function principalOfToken(
  { directory, authority }: { directory: Directory; authority: TokenAuthority },
  token: string,
): Promise<Principal> {
  const verified = authority.verify(token);
  const subject = verified?.kind === 'refresh_token' ? verified.subject : undefined;
  const principal = subject === undefined ? undefined : await directory.principal(subject);
  if (principal) return principal;
  throw new OciError('UNAUTHORIZED', 'the token is expired, or whom it was issued to is gone: sign in again');
}
