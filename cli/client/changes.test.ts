// What Ctrl-C would name of changes to a registry's content and to the directory.
import type { AxiosResponse } from 'axios';
import { assert, describe } from '../../fixtures/describe.ts';
import type { Context } from '../context.ts';
import type { Changes } from '../interruption.ts';
import { createGraph } from './graph.ts';
import type { Http, HttpRequest } from './http.ts';
import type { SignIn } from './sign-in.ts';
import { openRegistry } from './registry.ts';
import { RegistryId } from './registry-id.ts';

const challenge = 'Bearer realm="https://reg.example.com/oauth2/token",service="reg.example.com"';

/** Writes down what was tracked, and whether it counts as done. */
function recorder(): { changes: Changes; told: string[] } {
  const told: string[] = [];
  const changes: Changes = {
    track: async (what, work, happened = () => true) => {
      const result = await work();
      told.push(`${what}${happened(result) ? '' : ' was refused'}`);
      return result;
    },
    advise: () => undefined,
    end: () => undefined,
  };
  return { changes, told };
}

/** Answers each request with a status of its own: by default what a registry that agrees to all would say. */
function answering(status: (request: HttpRequest) => number): Http {
  return {
    send: async <T>(request: HttpRequest) => {
      const data = { refresh_token: 'r', access_token: 'a', value: [] } as T;
      const headers = { 'www-authenticate': challenge };
      return { status: status(request), data, headers } as unknown as AxiosResponse<T>;
    },
  };
}

const signIn: SignIn = { accessToken: () => Promise.resolve('token') };

describe('a change is named', ({ test }) => {
  const content: [string, string, number, string[]][] = [
    ['HEAD', '/v2/app/blobs/sha256:1', 200, []],
    ['POST', '/v2/app/blobs/uploads/', 202, []],
    [
      'PUT',
      '/v2/app/blobs/uploads/7?digest=sha256:1',
      201,
      ['PUT https://reg.example.com/v2/app/blobs/sha256:1'],
    ],
    ['PUT', '/v2/app/manifests/v1', 201, ['PUT https://reg.example.com/v2/app/manifests/v1']],
    ['DELETE', '/acr/v1/app/_tags/v1', 202, ['DELETE https://reg.example.com/acr/v1/app/_tags/v1']],
    ['PATCH', '/acr/v1/app', 403, ['PATCH https://reg.example.com/acr/v1/app was refused']],
  ];
  for (const [method, path, status, named] of content) {
    test(`${method} ${path} answered ${status}: ${named.join() || 'nothing'}`, async () => {
      const { changes, told } = recorder();
      const own = (request: HttpRequest): number => {
        if (request.url.endsWith('/v2/')) return 401;
        return request.url.includes('/oauth2/') ? 200 : status;
      };
      const context = {
        changes,
        http: () => Promise.resolve(answering(own)),
        signIn: () => Promise.resolve(signIn),
        credential: () => Promise.resolve({ tenantId: 'tenant' }),
        arm: () => Promise.resolve({ get: () => ({ properties: { loginServer: 'reg.example.com' } }) }),
      } as unknown as Context;
      const client = await openRegistry(new RegistryId('s', 'g', 'reg'), undefined, context);
      await client.send({ method, path, scope: 'repository:app:push' });
      assert.deepEqual(told, named);
    });
  }

  test('in the directory, and what only reads is not', async () => {
    const { changes, told } = recorder();
    const http = answering(() => 200);
    const graph = createGraph({ endpoint: 'https://cloud.example.com', http, signIn, changes });
    await graph.list('/servicePrincipals');
    await graph.post('/applications', {});
    await graph.delete('/applications/1');
    assert.deepEqual(told, [
      'POST https://cloud.example.com/graph/v1.0/applications',
      'DELETE https://cloud.example.com/graph/v1.0/applications/1',
    ]);
  });
});
