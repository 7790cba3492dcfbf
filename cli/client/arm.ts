// The control plane's resources over HTTP: paths in, resources out, waiting for what takes long.
import type { AxiosResponse } from 'axios';
import type { Clock } from '../../registry-node/clock.ts';
import { failure } from '../errors.ts';
import type { Changes } from '../interruption.ts';
import { addressOf } from './address.ts';
import { armError } from './arm-error.ts';
import type { Http } from './http.ts';
import { type Told, waitForOperation } from './operation.ts';
import type { SignIn } from './sign-in.ts';
import { sendSignedIn } from './signed-in.ts';

/** The newest stable version that knows every resource used here. */
export const apiVersion = '2025-11-01';
const pagesMax = 1000;

export interface Arm {
  readonly endpoint: string;
  /** All of these @throws CliError: ArmError for a refusal, `missing` for 404 */
  get<T>(path: string): Promise<T>;
  list<T>(path: string): Promise<T[]>;
  put<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  post<T>(path: string, body?: unknown, options?: PostOptions): Promise<T>;
  /** Waits until it is gone; content when it was not there. */
  delete(path: string): Promise<void>;
}

export interface PostOptions {
  /** Until the operation that it begins has ended. */
  wait: boolean;
  /** Told what the operation says of itself whenever it is asked. */
  told?: Told | undefined;
}

export interface ArmOptions {
  endpoint: string;
  http: Http;
  signIn: SignIn;
  clock: Clock;
  /** Told of whatever is asked to change. */
  changes: Changes;
}

export function createArm(options: ArmOptions): Arm {
  const { endpoint, clock, changes } = options;
  const ask = (url: string): Promise<AxiosResponse<unknown>> => send(options, 'GET', url);
  const call = async <T>(method: string, path: string, body?: unknown): Promise<AxiosResponse<T>> => {
    const response = await send<T>(options, method, path, body);
    if (response.status >= 400) throw armError(response);
    return response;
  };
  const get = async <T>(path: string): Promise<T> => (await call<T>('GET', path)).data;
  const write = async <T>(method: string, path: string, body: unknown): Promise<T> => {
    const answer = await changes.track(nameOf(method, path), async () => {
      const response = await call<T>(method, path, body);
      return (await waitForOperation(response, ask, clock)) ? undefined : response;
    });
    return answer ? answer.data : get<T>(path);
  };
  return {
    endpoint,
    get,
    list: (path) => readPages(get, path),
    put: (path, body) => write('PUT', path, body),
    patch: (path, body) => write('PATCH', path, body),
    post: async <T>(path: string, body?: unknown, { wait, told }: PostOptions = { wait: true }) => {
      const work = async (): Promise<T> => {
        const response = await call<T>('POST', path, body);
        if (wait) await waitForOperation(response, ask, clock, told);
        return response.data;
      };
      return asks.test(path) ? work() : changes.track(nameOf('POST', path), work);
    },
    delete: (path) =>
      changes.track(nameOf('DELETE', path), async () => {
        await waitForOperation(await call('DELETE', path), ask, clock);
      }),
  };
}

/** What is called POST and changes nothing: `…/listCredentials`, `…/checkNameAvailability`. */
const asks = /\/(list|check)[A-Z][A-Za-z]*(\?|$)/;

function nameOf(method: string, path: string): string {
  return `${method} ${path.replace(/\?.*$/, '')}`;
}

interface Page<T> {
  value: T[];
  nextLink?: string | null;
}

async function readPages<T>(get: Arm['get'], path: string): Promise<T[]> {
  const items: T[] = [];
  let next: string | undefined = path;
  for (let page = 0; next !== undefined && page < pagesMax; page++) {
    const { value, nextLink }: Page<T> = await get(next);
    items.push(...value);
    next = nextLink || undefined;
  }
  return items;
}

async function send<T>(
  { endpoint, http, signIn }: ArmOptions,
  method: string,
  path: string,
  body?: unknown,
): Promise<AxiosResponse<T>> {
  return sendSignedIn<T>({ http, signIn }, 'management', method, absolute(endpoint, path), body);
}

/** @throws CliError when an answer points to another server: the access token is for this one only */
function absolute(endpoint: string, path: string): string {
  const url = addressOf(`${endpoint}/`, path);
  if (url.origin !== new URL(endpoint).origin) {
    throw failure(`${endpoint} referred acrc to ${url.origin}, another server, which was not followed.`);
  }
  if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', apiVersion);
  return url.href;
}
