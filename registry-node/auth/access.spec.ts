// Who gets in, by which door, and how: challenges, tokens, Basic, anonymous callers, proxies. What
// each may then do is in control-plane/cloud-registry/scope-maps.spec.ts.
import { pino } from 'pino';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import { basic, everything, owner, startRegistry, type TestRegistry } from '../../fixtures/registry.ts';
import { digestOf } from '../oci/digest.ts';
import type { RepositoryAction } from '../oci/scope.ts';
import { createServer } from '../http/server.ts';
import { hostOf } from './challenge.ts';
import { refreshTokenUser } from './credentials.ts';

const image = buildImage('access');
const blob = image.blobs[0]!.digest;
const absent = digestOf('absent');
const user = 'user';

interface TokenAnswer {
  access_token: string;
  token: string;
  expires_in: number;
  issued_at: string;
  refresh_token?: string;
}

/** Each verb on each kind of reference, and the one action that it takes. */
const verbs: [ask: string, action: RepositoryAction][] = [
  ['GET /v2/app/manifests/v1', 'content/read'],
  ['HEAD /v2/app/manifests/v1', 'content/read'],
  [`GET /v2/app/manifests/${image.digest}`, 'content/read'],
  [`GET /v2/app/blobs/${blob}`, 'content/read'],
  [`HEAD /v2/app/blobs/${blob}`, 'content/read'],
  [`GET /v2/app/referrers/${image.digest}`, 'content/read'],
  ['PUT /v2/app/manifests/v1', 'content/write'],
  [`PUT /v2/app/manifests/${image.digest}`, 'content/write'],
  ['POST /v2/app/blobs/uploads/', 'content/write'],
  [`POST /v2/app/blobs/uploads/?mount=${blob}&from=other`, 'content/write'],
  ['GET /v2/app/blobs/uploads/x', 'content/write'],
  ['PATCH /v2/app/blobs/uploads/x', 'content/write'],
  [`PUT /v2/app/blobs/uploads/x?digest=${blob}`, 'content/write'],
  ['DELETE /v2/app/blobs/uploads/x', 'content/write'],
  ['DELETE /v2/app/manifests/absent', 'content/delete'],
  [`DELETE /v2/app/manifests/${absent}`, 'content/delete'],
  [`DELETE /v2/app/blobs/${absent}`, 'content/delete'],
];
describe('access to a registry', ({ test, beforeEach, afterEach }) => {
  let registry: TestRegistry;
  beforeEach(async () => {
    registry = await start();
  });
  afterEach(() => registry.close());
  const start = async (options: Parameters<typeof startRegistry>[0] = {}): Promise<TestRegistry> => {
    const started = await startRegistry({
      users: {
        [owner]: { password: 'secret', actions: everything },
        [user]: { password: 'secret', actions: ['repositories/app/content/read'] },
      },
      ...options,
    });
    await storeImage(started.content, 'app', image, ['v1']);
    await storeImage(started.content, 'other', image, ['v1']);
    return started;
  };
  const restart = async (options: Parameters<typeof startRegistry>[0]): Promise<void> => {
    await registry.close();
    registry = await start(options);
  };
  const ask = (line: string, authorization?: string): Promise<Response> => {
    const [method = '', path = ''] = line.split(' ');
    return registry.request(method, path, authorization === undefined ? {} : { headers: { authorization } });
  };
  const token = async (query: string, authorization?: string): Promise<TokenAnswer> => {
    const response = await ask(`GET /oauth2/token?service=s&${query}`, authorization);
    assert.equal(response.status, 200);
    return (await response.json()) as TokenAnswer;
  };
  const bearer = async (scope: string, as = user): Promise<string> =>
    `Bearer ${(await token(`scope=${scope}`, basic(as, 'secret'))).access_token}`;
  const grant = (...granted: RepositoryAction[]): void => {
    registry.users[user]!.actions = granted.map((action) => `repositories/app/${action}`);
  };
  const form = async (fields: Record<string, string>): Promise<Response> =>
    registry.request('POST', '/oauth2/token', { body: new URLSearchParams({ service: 's', ...fields }) });

  test('shows in the catalog what the caller may see, in pages too', async () => {
    const catalog = async (path: string, as: string): Promise<[string[], string | null]> => {
      const response = await ask(`GET ${path}`, await bearer('registry:catalog:*', as));
      return [
        ((await response.json()) as { repositories: string[] }).repositories,
        response.headers.get('link'),
      ];
    };
    assert.deepEqual(await catalog('/v2/_catalog', owner), [['app', 'other'], null]);
    assert.deepEqual(await catalog('/v2/_catalog?n=1', owner), [
      ['app'],
      '</v2/_catalog?last=app&n=1>; rel="next"',
    ]);
    assert.deepEqual(await catalog('/v2/_catalog?n=1', user), [['app'], null]);
    assert.equal((await ask('GET /v2/_catalog', await bearer('repository:app:pull'))).status, 401);
  });

  for (const [line, scope] of [
    ['GET /v2/', undefined],
    ['GET /v2/_catalog', 'registry:catalog:*'],
    ['GET /v2/app/manifests/v1', 'repository:app:pull'],
    ['POST /v2/team/app/blobs/uploads/', 'repository:team/app:pull,push'],
    ['DELETE /v2/app/manifests/v1', 'repository:app:delete'],
    ['GET /v2/app/tags/list', 'repository:app:pull,metadata_read'],
  ] as const) {
    test(`challenges ${line} with ${scope ?? 'no scope'}`, async () => {
      const response = await ask(line);
      const { host } = registry;
      assert.equal(response.status, 401);
      assert.equal(
        response.headers.get('www-authenticate'),
        `Bearer realm="http://${host}/oauth2/token",service="${host}"${scope ? `,scope="${scope}"` : ''}`,
      );
      assert.equal(
        ((await response.json()) as { errors: { code: string }[] }).errors[0]?.code,
        'UNAUTHORIZED',
      );
    });
  }

  test('names in its challenge the host that a proxy on this machine was asked for', async () => {
    const response = await registry.request('GET', '/v2/', {
      headers: { 'x-forwarded-host': 'registry.example', 'x-forwarded-proto': 'https' },
    });
    assert.match(
      response.headers.get('www-authenticate')!,
      /realm="https:\/\/registry\.example\/oauth2\/token"/,
    );
    const hostile = await registry.request('GET', '/v2/', {
      headers: { 'x-forwarded-host': 'a",realm="http://b' },
    });
    assert.match(
      hostile.headers.get('www-authenticate')!,
      /^Bearer realm="http:\/\/localhost\/oauth2\/token"/,
    );
  });

  test('believes what is forwarded only by a proxy that it was told to trust', async () => {
    for (const [remoteAddress, trusted] of [
      ['127.0.0.1', true],
      ['10.1.2.3', true],
      ['10.1.3.4', false],
      ['203.0.113.9', false],
    ] as const) {
      const app = createServer({ logger: pino({ level: 'silent' }), trustedProxies: ['10.1.2.0/24'] });
      app.get('/', (request) => `${request.protocol}://${hostOf(request)}`);
      const headers = { host: 'here', 'x-forwarded-host': 'elsewhere', 'x-forwarded-proto': 'https' };
      const { body } = await app.inject({ url: '/', remoteAddress, headers });
      assert.equal(body, trusted ? 'https://elsewhere' : 'http://here', remoteAddress);
      await app.close();
    }
  });

  test('refuses a token that was issued for something else, and asks for another', async () => {
    grant('content/read', 'content/write');
    const response = await ask('POST /v2/app/blobs/uploads/', await bearer('repository:app:pull'));
    assert.equal(response.status, 401);
    assert.match(
      response.headers.get('www-authenticate')!,
      /scope="repository:app:pull,push",error="invalid_token"$/,
    );
    for (const authorization of ['Bearer nonsense', 'Negotiate x', 'Basic !', 'Bearer']) {
      assert.equal((await ask('GET /v2/', authorization)).status, 401, authorization);
    }
  });

  test('asks the directory at each request: a token outlives neither its holder nor its rights', async () => {
    const authorization = await bearer('repository:app:pull');
    const pull = async (): Promise<number> => (await ask('GET /v2/app/manifests/v1', authorization)).status;
    assert.equal(await pull(), 200);
    grant('metadata/read');
    assert.equal(await pull(), 403);
    delete registry.users[user];
    assert.equal(await pull(), 401);
  });

  test('grants what is asked and allowed, merges scopes, and leaves out the rest', async () => {
    grant('content/read', 'metadata/read');
    const { access_token: text } = await token(
      'scope=repository:app:pull,push&scope=repository:app:metadata_read%20repository:other:pull&scope=nonsense',
      basic(user, 'secret'),
    );
    const verified = registry.authority.verify(text);
    assert.deepEqual(verified?.access, [
      { type: 'repository', name: 'app', actions: ['pull', 'metadata_read'] },
    ]);
  });

  test('answers a token request with both names of the token, its life and when it began', async () => {
    const answer = await token('scope=repository:app:pull', basic(user, 'secret'));
    assert.equal(answer.token, answer.access_token);
    assert.equal(answer.expires_in, 4500);
    assert.ok(Date.now() - Date.parse(answer.issued_at) < 60_000);
    assert.equal(answer.refresh_token, undefined);
  });

  test('takes a form with a password, and with a refresh token', async () => {
    const first = await form({
      grant_type: 'password',
      username: user,
      password: 'secret',
      access_type: 'offline',
    });
    const { refresh_token: refresh } = (await first.json()) as TokenAnswer;
    const second = await form({
      grant_type: 'refresh_token',
      refresh_token: refresh!,
      scope: 'repository:app:pull',
    });
    const { access_token: text } = (await second.json()) as TokenAnswer;
    assert.equal((await ask('GET /v2/app/manifests/v1', `Bearer ${text}`)).status, 200);
    assert.equal((await ask('GET /v2/', `Bearer ${refresh}`)).status, 401);
  });

  test('takes a refresh token as the password of the user that is none, until its holder is gone', async () => {
    const { refresh_token: refresh } = await token('offline_token=true', basic(user, 'secret'));
    const { access_token: text } = await token(
      'scope=repository:app:pull',
      basic(refreshTokenUser, refresh!),
    );
    assert.equal(registry.authority.verify(text)?.subject?.name, user);
    assert.equal((await ask('GET /v2/', basic(refreshTokenUser, refresh!))).status, 200);
    assert.equal((await ask('GET /v2/', basic(refreshTokenUser, text))).status, 401);
    delete registry.users[user];
    assert.equal((await ask('GET /oauth2/token', basic(refreshTokenUser, refresh!))).status, 401);
  });

  for (const [name, request] of [
    ['a wrong password', () => ask('GET /oauth2/token', basic(user, 'wrong'))],
    ['a wrong password in a form', () => form({ grant_type: 'password', username: user, password: 'wrong' })],
    ['a wrong password at the registry', () => ask('GET /v2/', basic(user, 'wrong'))],
    ['a refresh token that is none', () => form({ grant_type: 'refresh_token', refresh_token: 'x' })],
    ['nobody, where anonymous pull is off', () => ask('GET /oauth2/token?scope=repository:app:pull')],
    ['a form that names nobody', () => form({ grant_type: 'password' })],
  ] as const) {
    test(`refuses ${name} with a Basic challenge`, async () => {
      const response = await request();
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Basic realm="Azure Container Registry"');
      assert.equal(
        ((await response.json()) as { errors: { code: string }[] }).errors[0]?.code,
        'UNAUTHORIZED',
      );
    });
  }

  test('refuses a form that it cannot read', async () => {
    assert.equal((await form({ grant_type: 'magic' })).status, 400);
    assert.equal((await form({ grant_type: 'password', scope: 'x'.repeat(200_000) })).status, 400);
  });

  test('lets nobody pull where that is on, with a token and without, and nothing more', async () => {
    await restart({ anonymous: ['repositories/app/content/read'] });
    const { access_token: text } = await token('scope=repository:app:pull,push');
    for (const authorization of [undefined, `Bearer ${text}`]) {
      assert.equal((await ask('GET /v2/app/manifests/v1', authorization)).status, 200);
      assert.equal((await ask('GET /v2/other/manifests/v1', authorization)).status, 401);
      assert.equal((await ask('POST /v2/app/blobs/uploads/', authorization)).status, 401);
    }
  });

  test('asks for a sign-in at /v2/ though anonymous pull is on, so that a wrong password is found out', async () => {
    await restart({ anonymous: ['repositories/app/content/read'] });
    assert.equal((await ask('GET /v2/')).status, 401);
    assert.equal((await ask('GET /v2/', basic(user, 'wrong'))).status, 401);
    assert.equal((await ask('GET /v2/', `Bearer ${(await token('')).access_token}`)).status, 200);
  });

  test('takes no change on a ReadOnly registry, from whomever', async () => {
    await restart({ mode: 'ReadOnly', users: { [owner]: { password: 'secret', actions: everything } } });
    for (const [line, action] of verbs) {
      const response = await ask(line, basic(owner, 'secret'));
      if (action === 'content/read') {
        assert.equal(response.status, 200);
      } else {
        assert.equal(response.status, 403, line);
        const { errors } = (await response.json()) as { errors: { code: string; message: string }[] };
        assert.deepEqual(errors, [
          { code: 'DENIED', message: 'This operation is not allowed on this registry.' },
        ]);
      }
    }
    assert.equal((await ask('POST /v2/app/blobs/uploads/')).status, 401);
  });

  test('keeps whose push it was', async () => {
    registry.users.sync = { password: 'secret', actions: everything, connectedRegistry: 'site1' };
    for (const name of [owner, 'sync']) {
      await ask(`DELETE /v2/app/manifests/${image.digest}`, basic(name, 'secret'));
      const { events } = await registry.content.feed.read({ after: 0, limit: 100 });
      assert.deepEqual(events.at(-1)?.origin, name === owner ? 'client' : { connectedRegistry: 'site1' });
      await storeImage(registry.content, 'app', image, ['v1']);
    }
  });
});
