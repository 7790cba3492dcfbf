// The directory of the control plane over HTTP, as far as service principals need it: the part of Microsoft Graph that az
// uses, too.
import { CliError, failure } from '../errors.ts';
import { isObject, textOf } from '../json-object.ts';
import type { Changes } from '../interruption.ts';
import { addressOf } from './address.ts';
import type { Http } from './http.ts';
import type { SignIn } from './sign-in.ts';
import { sendSignedIn } from './signed-in.ts';

export interface PasswordCredential {
  keyId: string;
  displayName: string | null;
  startDateTime: string;
  endDateTime: string;
  /** Only in the answer that made it. */
  secretText?: string | null;
}
export interface DirectoryObject {
  /** Object id. */
  id: string;
  appId: string;
  displayName: string;
  passwordCredentials: PasswordCredential[];
}

export interface Graph {
  /** All of these @throws CliError: `missing` for 404. `path` is below `/v1.0`. */
  get<T>(path: string): Promise<T>;
  /** @param filter OData, of which Graph knows a little */
  list<T>(path: string, filter?: string): Promise<T[]>;
  post<T>(path: string, body: unknown): Promise<T>;
  delete(path: string): Promise<void>;
}

const pagesMax = 1000;

export interface GraphOptions {
  endpoint: string;
  http: Http;
  signIn: SignIn;
  /** Told of whatever is asked to change. */
  changes: Changes;
}

export function createGraph({ endpoint, http, signIn, changes }: GraphOptions): Graph {
  const base = `${endpoint}/graph/v1.0`;
  const call = async <T>(method: string, url: string, body?: unknown): Promise<T> => {
    const { href } = addressOf(endpoint, url);
    const response = await sendSignedIn<T>({ http, signIn }, 'graph', method, href, body);
    if (response.status >= 400) throw graphError(response.status, response.data);
    return response.data;
  };
  const change = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    changes.track(`${method} ${base}${path}`, () => call<T>(method, base + path, body));
  return {
    get: (path) => call('GET', base + path),
    list: async <T>(path: string, filter?: string) => {
      const items: T[] = [];
      const query = filter === undefined ? '' : `?$filter=${encodeURIComponent(filter)}`;
      let next: string | undefined = `${base}${path}${query}`;
      for (let page = 0; next !== undefined && page < pagesMax; page++) {
        if (!next.startsWith(`${endpoint}/`))
          throw failure(`${endpoint} referred acrc to ${next}, another server, which was not followed.`);
        const answer: { value: T[]; '@odata.nextLink'?: string } = await call('GET', next);
        items.push(...answer.value);
        next = answer['@odata.nextLink'];
      }
      return items;
    },
    post: (path, body) => change('POST', path, body),
    delete: async (path) => {
      await change('DELETE', path);
    },
  };
}

/** A text in a filter. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** @param id client id or object id, as `az ad sp --id` takes it. @throws CliError `missing` */
export async function findPrincipal(graph: Graph, id: string): Promise<DirectoryObject> {
  const [named] = await graph.list<DirectoryObject>(
    '/servicePrincipals',
    `servicePrincipalNames/any(c:c eq ${quoted(id)})`,
  );
  return named ?? graph.get(`/servicePrincipals/${encodeURIComponent(id)}`);
}

/** As az prints it: the message alone. */
function graphError(status: number, data: unknown): CliError {
  const error = isObject(data) && isObject(data.error) ? data.error : undefined;
  const message = textOf(error, 'message') ?? `The directory answered ${status}.`;
  return new CliError(status === 404 ? 'missing' : 'failure', message);
}
