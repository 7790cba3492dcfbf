// The data plane of one registry: /v2 and /acr/v1 on its login server, with a bearer token for each scope. The control
// plane's access token is exchanged for a refresh token, which buys the bearer tokens; a user and password buy them
// directly.
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import type { Context } from '../context.ts';
import { failure } from '../errors.ts';
import { addressOf } from './address.ts';
import type { Http } from './http.ts';
import { registryPatience } from './patience.ts';
import { registryError } from './registry-error.ts';
import { exchange, type Grant, nullUsername, requestBearer } from './registry-sign-in.ts';
import type { RegistryId } from './registry-id.ts';
import type { Registry } from './resources.ts';

export interface RegistryUser {
  username: string;
  password: string;
}

export interface RegistryRequest extends Pick<AxiosRequestConfig, 'method' | 'data' | 'responseType'> {
  /** Path and query on the login server. */
  path: string;
  /** e.g. `repository:hello-world:pull` */
  scope: string;
  headers?: Record<string, string>;
}

export interface RegistryClient {
  readonly loginServer: string;
  /** Any status is an answer. */
  send<T>(request: RegistryRequest): Promise<AxiosResponse<T>>;
  /** @throws CliError worded as az words it, for any status of 400 or above */
  expect<T>(request: RegistryRequest): Promise<AxiosResponse<T>>;
}

export async function openRegistry(
  id: RegistryId,
  user: RegistryUser | undefined,
  context: Context,
): Promise<RegistryClient> {
  const arm = await context.arm();
  const registry = await arm.get<Registry>(id.path);
  const { loginServer } = registry.properties;
  const http = await context.http();
  const service = await discover(http, loginServer);
  const grant = user ? passwordGrant(user) : await ownGrant(http, service, registry, context);
  const bearers = new Map<string, Promise<string>>();
  const bearer = (scope: string): Promise<string> => {
    const known = bearers.get(scope) ?? requestBearer(http, service, grant, scope);
    bearers.set(scope, known);
    return known;
  };
  const send = async <T>(request: RegistryRequest): Promise<AxiosResponse<T>> => {
    const { path, scope, headers, ...rest } = request;
    const authorization = service.basic ? basic(user) : `Bearer ${await bearer(scope)}`;
    const url = addressOf(`https://${loginServer}`, path);
    const ask = (): Promise<AxiosResponse<T>> =>
      http.send<T>({
        ...rest,
        patience: registryPatience,
        url: url.href,
        headers: { ...headers, authorization },
      });
    const change = changeOf(rest.method, url);
    return change === undefined ? ask() : context.changes.track(change, ask, ({ status }) => status < 400);
  };
  return {
    loginServer,
    send,
    expect: async (request) => {
      const response = await send<never>(request);
      if (response.status >= 400) throw registryError(response);
      return response;
    },
  };
}

/** What a person calls it who is told what was done; undefined when nothing is. An upload changes nothing until it ends. */
function changeOf(method: string | undefined, { origin, pathname, searchParams }: URL): string | undefined {
  if (method === undefined || !changing.has(method)) return undefined;
  const upload = /^(.*\/blobs\/)uploads\//.exec(pathname);
  if (upload === null) return `${method} ${origin}${pathname}`;
  const digest = searchParams.get('digest');
  return method === 'PUT' && digest !== null ? `${method} ${origin}${upload[1]}${digest}` : undefined;
}

const changing: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Where and as what a registry signs its users in, as its challenge says. */
export interface Service {
  origin: string;
  name: string;
  /** It wants the password itself with each request. */
  basic: boolean;
}

/** Asks `/v2/` without credentials. @throws CliError when nobody answers or access is closed */
export async function discover(http: Http, loginServer: string): Promise<Service> {
  const response = await http.send({ url: `https://${loginServer}/v2/` });
  if (response.status === 403) {
    throw failure(
      `Looks like you don't have access to registry '${loginServer}'.`,
      'Its firewall rules say from where it may be reached.',
    );
  }
  const challenge = String(response.headers['www-authenticate'] ?? '');
  const parameter = (name: string): string | undefined =>
    new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  if (/^basic/i.test(challenge)) return { origin: `https://${loginServer}`, name: loginServer, basic: true };
  const realm = parameter('realm');
  if (response.status !== 401 || realm === undefined || !URL.canParse(realm)) {
    throw failure(
      `'https://${loginServer}/v2/' answered ${response.status} and not the challenge of a registry.`,
    );
  }
  return { origin: new URL(realm).origin, name: parameter('service') ?? loginServer, basic: false };
}

function passwordGrant({ username, password }: RegistryUser): Grant {
  return { grant_type: 'password', username, password };
}

/** The signed-in principal; when the registry does not know it, its admin user, as az does it. */
async function ownGrant(http: Http, service: Service, registry: Registry, context: Context): Promise<Grant> {
  const [credential, signIn] = [await context.credential(), await context.signIn()];
  try {
    const accessToken = await signIn.accessToken();
    const refreshToken = await exchange(http, service, { accessToken, tenant: credential.tenantId });
    return { grant_type: 'refresh_token', refresh_token: refreshToken };
  } catch (error) {
    if (!registry.properties.adminUserEnabled) throw error;
    context.warn('The registry refused the signed-in principal; its admin user is used instead.');
    const arm = await context.arm();
    const admin = await arm.post<{ username: string; passwords: { value: string }[] }>(
      `${registry.id}/listCredentials`,
    );
    return passwordGrant({ username: admin.username, password: admin.passwords[0]?.value ?? '' });
  }
}

function basic(user: RegistryUser | undefined): string {
  const { username, password } = user ?? { username: nullUsername, password: '' };
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
