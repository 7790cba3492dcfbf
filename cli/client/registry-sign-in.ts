// The two token calls of a registry: a control plane's access token becomes a refresh token,
// and a refresh token or a password becomes a bearer token for a scope.
import { failure } from '../errors.ts';
import type { Http } from './http.ts';
import type { Service } from './registry.ts';
import { registryError } from './registry-error.ts';

/** The user name that says "the password is a refresh token". */
export const nullUsername = '00000000-0000-0000-0000-000000000000';

export type Grant =
  | { grant_type: 'refresh_token'; refresh_token: string }
  | { grant_type: 'password'; username: string; password: string };

/** @returns a refresh token */
export async function exchange(
  http: Http,
  service: Service,
  { accessToken, tenant }: { accessToken: string; tenant: string },
): Promise<string> {
  const form = { grant_type: 'access_token', service: service.name, tenant, access_token: accessToken };
  return tokenOf(http, `${service.origin}/oauth2/exchange`, form, 'refresh_token');
}

/** @returns a bearer token */
export async function requestBearer(
  http: Http,
  service: Service,
  grant: Grant,
  scope: string,
): Promise<string> {
  return tokenOf(
    http,
    `${service.origin}/oauth2/token`,
    { ...grant, service: service.name, scope },
    'access_token',
  );
}

async function tokenOf(
  http: Http,
  url: string,
  form: Record<string, string>,
  name: 'refresh_token' | 'access_token',
): Promise<string> {
  const response = await http.send<Partial<Record<string, string>>>({
    method: 'POST',
    url,
    data: new URLSearchParams(form),
  });
  if (response.status !== 200) throw registryError(response);
  const token = response.data?.[name];
  if (token === undefined) throw failure(`'${url}' answered without a ${name}.`);
  return token;
}
