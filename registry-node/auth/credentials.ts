// What a request says about its caller: the Authorization header (RFC 7617 and RFC 6750).

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
