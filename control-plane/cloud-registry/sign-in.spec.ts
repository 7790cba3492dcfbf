// Signing in to a cloud registry as its clients do, over TLS and plain HTTP on the same port, and what each caller
// may do then.
import { createHash } from 'node:crypto';
import { type Answer, type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { assert, describe } from '../../fixtures/describe.ts';

const group = 'resourceGroups/acr-rg';
const registry = `${group}/providers/Microsoft.ContainerRegistry/registries/myregistry`;
const refreshTokenUser = '00000000-0000-0000-0000-000000000000';
const sha256 = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

interface User {
  username: string;
  password: string;
}

/** The client side of the registry's token protocol. */
class Client {
  readonly cloud: Cloud;
  readonly origin: string;
  readonly user: User | undefined;

  constructor(cloud: Cloud, origin: string, user?: User) {
    this.cloud = cloud;
    this.origin = origin;
    this.user = user;
  }

  token(scope: string): Promise<Answer> {
    const headers = this.user ? { authorization: basic(this.user.username, this.user.password) } : {};
    const service = new URL(this.origin).host;
    return this.cloud.call(
      `${this.origin}/oauth2/token?service=${service}&scope=${encodeURIComponent(scope)}`,
      { headers },
    );
  }

  async send(
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    scope: string,
    body?: Buffer,
    type?: string,
  ): Promise<Answer> {
    const issued = await this.token(scope);
    if (issued.status !== 200) return issued;
    const headers = {
      authorization: `Bearer ${issued.text('access_token')}`,
      ...(body && { 'content-type': type ?? 'application/octet-stream' }),
    };
    return this.cloud.call(`${this.origin}${path}`, { method, headers, body });
  }

  /** Pushes an image of one layer. @returns the answer to the manifest */
  async push(repository: string, tag: string): Promise<Answer> {
    const scope = `repository:${repository}:pull,push`;
    const descriptors = [];
    for (const bytes of [Buffer.from('{}'), Buffer.from(`layer of ${tag}`)]) {
      const digest = sha256(bytes);
      const uploaded = await this.send(
        'POST',
        `/v2/${repository}/blobs/uploads/?digest=${digest}`,
        scope,
        bytes,
      );
      if (uploaded.status !== 201) return uploaded;
      descriptors.push({ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size: bytes.length });
    }
    const [config, layer] = descriptors;
    const manifest = {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { ...config, mediaType: 'application/vnd.oci.image.config.v1+json' },
      layers: [layer],
    };
    const bytes = Buffer.from(JSON.stringify(manifest));
    return this.send('PUT', `/v2/${repository}/manifests/${tag}`, scope, bytes, manifest.mediaType);
  }

  pull(repository: string, reference: string): Promise<Answer> {
    return this.send('GET', `/v2/${repository}/manifests/${reference}`, `repository:${repository}:pull`);
  }
}

describe(
  'a cloud registry',
  ({ before, after, test }) => {
    let cloud: Cloud;
    let host: string;
    const id = (path: string): string => `/subscriptions/${cloud.credential.subscriptionId}/${path}`;
    const client = (user?: User): Client => new Client(cloud, `https://${host}`, user);
    const admin = async (): Promise<User> => {
      const answer = await cloud.arm('POST', `${registry}/listCredentials`);
      return { username: answer.text('username'), password: answer.text('passwords.0.value') };
    };
    const tokenUser = async (username: string, actions: string[]): Promise<User> => {
      await cloud.arm('PUT', `${registry}/scopeMaps/${username}-map`, { properties: { actions } });
      const scopeMapId = id(`${registry}/scopeMaps/${username}-map`);
      await cloud.arm('PUT', `${registry}/tokens/${username}`, { properties: { scopeMapId } });
      const tokenId = id(`${registry}/tokens/${username}`);
      const made = await cloud.arm('POST', `${registry}/generateCredentials`, { tokenId, name: 'password1' });
      return { username, password: made.text('passwords.0.value') };
    };

    before(async () => {
      cloud = await startCloud();
      await cloud.arm('PUT', group, { location: 'westeurope' });
      const properties = { adminUserEnabled: true };
      await cloud.settle(
        await cloud.arm('PUT', registry, { location: 'westeurope', sku: { name: 'Premium' }, properties }),
      );
      host = (await cloud.arm('GET', registry)).text('properties.loginServer');
      assert.equal((await client(await admin()).push('hello-world', 'latest')).status, 201);
    });
    after(() => cloud.close());

    test('tells strangers where to sign in', async () => {
      const answer = await cloud.call(`https://${host}/v2/`);
      assert.equal(answer.status, 401);
      assert.equal(
        answer.headers['www-authenticate'],
        `Bearer realm="https://${host}/oauth2/token",service="${host}"`,
      );
      assert.equal((await client().pull('hello-world', 'latest')).status, 401);
    });

    test('answers TLS and plain HTTP on one port', async () => {
      const answer = await new Client(cloud, `http://${host}`, await admin()).pull('hello-world', 'latest');
      assert.equal(answer.status, 200);
    });

    test('lets the owner in with an access token, as az acr login does', async () => {
      const { endpoint, tenantId, clientId, clientSecret } = cloud.credential;
      const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
      const signedIn = await cloud.call(`${endpoint}/${tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({ ...form, scope: 'https://containerregistry.azure.net/.default' }),
      });
      const exchange = {
        grant_type: 'access_token',
        service: host,
        access_token: signedIn.text('access_token'),
      };
      const exchanged = await cloud.call(`https://${host}/oauth2/exchange`, {
        method: 'POST',
        body: new URLSearchParams(exchange),
      });
      const user = { username: refreshTokenUser, password: exchanged.text('refresh_token') };
      assert.equal((await client(user).pull('hello-world', 'latest')).status, 200);
      const arm = await cloud.call(`${endpoint}/subscriptions?api-version=2022-12-01`, {
        headers: { authorization: `Bearer ${signedIn.text('access_token')}` },
      });
      assert.equal(arm.status, 401, 'a token for registries is none for ARM');
    });

    test('lets the owner in with its secret', async () => {
      const { clientId, clientSecret } = cloud.credential;
      const user = { username: clientId, password: clientSecret };
      assert.equal((await client(user).pull('hello-world', 'latest')).status, 200);
    });

    test('refuses to exchange what is no access token', async () => {
      const form = { grant_type: 'access_token', service: host, access_token: 'x.y.z' };
      const answer = await cloud.call(`https://${host}/oauth2/exchange`, {
        method: 'POST',
        body: new URLSearchParams(form),
      });
      assert.deepEqual([answer.status, answer.at('errors.0.code')], [401, 'UNAUTHORIZED']);
    });

    test('gives a token what its scope map grants, and nothing else', async () => {
      const reader = client(await tokenUser('reader', ['repositories/hello-world/content/read']));
      assert.equal((await reader.pull('hello-world', 'latest')).status, 200);
      assert.notEqual((await reader.push('hello-world', 'mine')).status, 201);
      assert.notEqual((await reader.pull('another', 'latest')).status, 200);
    });

    test('follows a scope map at once, and a token that is disabled', async () => {
      const user = await tokenUser('worker', ['repositories/hello-world/content/read']);
      assert.notEqual((await client(user).push('worker-app', '1')).status, 201);
      const actions = ['content/read', 'content/write'].map((action) => `repositories/worker-app/${action}`);
      await cloud.arm('PATCH', `${registry}/scopeMaps/worker-map`, { properties: { actions } });
      assert.equal((await client(user).push('worker-app', '1')).status, 201);
      await cloud.arm('PATCH', `${registry}/tokens/worker`, { properties: { status: 'disabled' } });
      assert.equal((await client(user).token('repository:worker-app:pull')).status, 401);
    });

    test('knows no password that was replaced', async () => {
      const user = await tokenUser('rotated', ['repositories/hello-world/content/read']);
      const tokenId = id(`${registry}/tokens/rotated`);
      await cloud.arm('POST', `${registry}/generateCredentials`, { tokenId, name: 'password1' });
      assert.equal((await client(user).token('repository:hello-world:pull')).status, 401);
    });

    test('keeps the admin user out when it is disabled, and after its password changed', async () => {
      const user = await admin();
      await cloud.arm('POST', `${registry}/regenerateCredential`, { name: 'password' });
      assert.equal((await client(user).token('registry:catalog:*')).status, 401);
      const renewed = await admin();
      await cloud.arm('PATCH', registry, { properties: { adminUserEnabled: false } });
      assert.equal((await client(renewed).token('registry:catalog:*')).status, 401);
      await cloud.arm('PATCH', registry, { properties: { adminUserEnabled: true } });
      assert.equal((await client(renewed).token('registry:catalog:*')).status, 200);
    });

    test('takes no token that was got with a password that was replaced, and still the others', async () => {
      const user = await tokenUser('holder', ['repositories/hello-world/content/read']);
      const tokenId = id(`${registry}/tokens/holder`);
      const second = await cloud.arm('POST', `${registry}/generateCredentials`, {
        tokenId,
        name: 'password2',
      });
      const other = { username: 'holder', password: second.text('passwords.0.value') };
      const administrator = await admin();
      const bearerOf = async (holder: User): Promise<string> =>
        (await client(holder).token('repository:hello-world:pull')).text('access_token');
      const [byFirst, bySecond, byAdmin] = [
        await bearerOf(user),
        await bearerOf(other),
        await bearerOf(administrator),
      ];
      const statuses = (): Promise<number[]> =>
        Promise.all(
          [byFirst, bySecond, byAdmin].map(async (token) => {
            const headers = { authorization: `Bearer ${token}` };
            return (await cloud.call(`https://${host}/v2/hello-world/manifests/latest`, { headers })).status;
          }),
        );
      assert.deepEqual(await statuses(), [200, 200, 200]);
      await cloud.arm('POST', `${registry}/generateCredentials`, { tokenId, name: 'password1' });
      assert.deepEqual(await statuses(), [401, 200, 200]);
      await cloud.arm('POST', `${registry}/regenerateCredential`, { name: 'password' });
      assert.deepEqual(await statuses(), [401, 200, 401]);
    });

    test('lets everyone pull, and nobody push, when anonymous pull is on', async () => {
      await cloud.arm('PATCH', registry, { properties: { anonymousPullEnabled: true } });
      assert.equal((await client().pull('hello-world', 'latest')).status, 200);
      assert.notEqual((await client().push('hello-world', 'mine')).status, 201);
      await cloud.arm('PATCH', registry, { properties: { anonymousPullEnabled: false } });
      assert.equal((await client().pull('hello-world', 'latest')).status, 401);
    });

    test('lists repositories in pages that name the next', async () => {
      const owner = client(await admin());
      for (const repository of ['paged/a', 'paged/b']) await owner.push(repository, '1');
      const names: unknown[] = [];
      let next = '/acr/v1/_catalog?n=1';
      for (let pages = 0; next !== '' && pages < 10; pages++) {
        const page = await owner.send('GET', next, 'registry:catalog:*');
        names.push(page.at('repositories.0'));
        next = /<([^>]+)>; rel="next"/.exec(String(page.headers.link ?? ''))?.[1] ?? '';
      }
      assert.deepEqual(names.slice(0, 3), ['hello-world', 'paged/a', 'paged/b']);
      const wrong = await owner.send('GET', '/acr/v1/_catalog?n=-1', 'registry:catalog:*');
      assert.equal(wrong.at('errors.0.code'), 'PAGINATION_NUMBER_INVALID');
    });

    test('shows what it holds, and removes it', async () => {
      const owner = client(await admin());
      const pushed = await owner.push('team/app', 'v1');
      const digest = String(pushed.headers['docker-content-digest']);
      const scope = 'repository:team/app:metadata_read,delete';
      const read = (path: string): Promise<Answer> => owner.send('GET', `/acr/v1/${path}`, scope);
      assert.deepEqual(
        (await owner.send('GET', '/acr/v1/_catalog', 'registry:catalog:*')).at('repositories.0'),
        'hello-world',
      );
      const shown = await read('team/app');
      assert.deepEqual(
        [shown.at('registry'), shown.at('imageName'), shown.at('tagCount')],
        [host, 'team/app', 1],
      );
      assert.equal((await read('team%2Fapp/_tags')).at('tags.0.digest'), digest);
      assert.equal((await read('team/app/_tags/v1')).at('tag.name'), 'v1');
      const manifests = await read('team/app/_manifests');
      assert.deepEqual(
        [manifests.at('manifests.0.digest'), manifests.at('manifests.0.tags')],
        [digest, ['v1']],
      );
      assert.equal((await read(`team/app/_manifests/${digest}`)).at('manifest.digest'), digest);
      assert.equal((await read('team/app/_tags/none')).at('errors.0.code'), 'TAG_UNKNOWN');

      assert.equal((await owner.send('DELETE', '/acr/v1/team/app/_tags/v1', scope)).status, 202);
      assert.equal((await owner.send('DELETE', '/acr/v1/team/app/_tags/v1', scope)).status, 404);
      const removed = await owner.send('DELETE', '/acr/v1/team/app', scope);
      assert.deepEqual(
        [removed.status, removed.body],
        [202, { manifestsDeleted: [digest], tagsDeleted: [] }],
      );
      assert.equal((await read('team/app')).at('errors.0.code'), 'NAME_UNKNOWN');
    });

    test('keeps its images, its address and its users across a restart', async () => {
      const user = await tokenUser('lasting', ['repositories/hello-world/content/read']);
      await cloud.restart();
      assert.equal((await cloud.arm('GET', registry)).text('properties.loginServer'), host);
      assert.equal((await client(user).pull('hello-world', 'latest')).status, 200);
    });

    test('imports from another registry of the control plane, and over the network', async () => {
      const other = `${group}/providers/Microsoft.ContainerRegistry/registries/otherone`;
      await cloud.settle(
        await cloud.arm('PUT', other, {
          location: 'westeurope',
          sku: { name: 'Standard' },
          properties: { adminUserEnabled: true },
        }),
      );
      const otherHost = (await cloud.arm('GET', other)).text('properties.loginServer');
      const credentials = await admin();
      const bodies = [
        { source: { resourceId: id(registry), sourceImage: 'hello-world:latest' }, targetTags: ['inside:1'] },
        { source: { registryUri: host, credentials, sourceImage: 'hello-world' }, targetTags: ['outside'] },
        { source: { registryUri: host, credentials, sourceImage: 'hello-world:latest' } },
      ];
      for (const body of bodies) {
        const answer = await cloud.arm('POST', `${other}/importImage`, body);
        assert.equal(answer.status, 202);
        const ended = await cloud.settle(answer);
        assert.deepEqual([ended.at('status'), ended.at('percentComplete')], ['Succeeded', 100]);
      }
      const made = await cloud.arm('POST', `${other}/listCredentials`);
      const owner = new Client(cloud, `https://${otherHost}`, {
        username: made.text('username'),
        password: made.text('passwords.1.value'),
      });
      for (const [repository, tag] of [
        ['inside', '1'],
        ['outside', 'latest'],
        ['hello-world', 'latest'],
      ] as const) {
        assert.equal((await owner.pull(repository, tag)).status, 200, `${repository}:${tag}`);
      }
      assert.equal(
        (await cloud.arm('GET', `${other}/listUsages`)).at('value.0.currentValue'),
        2 + 'layer of latest'.length,
      );
    });

    const failures: [string, object, number, string, RegExp][] = [
      [
        'a tag that exists',
        { targetTags: ['hello-world:latest'] },
        409,
        'Conflict',
        /Tag hello-world:latest already exists in target registry\.$/,
      ],
      [
        'an image that is missing',
        { sourceImage: 'missing:1', targetTags: ['x:1'] },
        404,
        'ImportSourceNotFound',
        /no image missing:1/,
      ],
      [
        'a password that is wrong',
        { password: 'wrong', targetTags: ['x:1'] },
        400,
        'ImportSourceUnauthorized',
        /could not be imported/,
      ],
    ];
    for (const [what, change, status, code, message] of failures) {
      test(`an import fails, with the reason, for ${what}`, async () => {
        const { sourceImage = 'hello-world:latest', password, targetTags } = change as Record<string, string>;
        const credentials = { ...(await admin()), ...(password && { password }) };
        const answer = await cloud.arm('POST', `${registry}/importImage`, {
          source: { registryUri: host, credentials, sourceImage },
          targetTags,
        });
        const ended = await cloud.settle(answer);
        assert.deepEqual([ended.status, ended.at('error.code')], [status, code]);
        assert.match(ended.text('error.message'), message);
      });
    }
  },
  { timeoutMs: 40_000 },
);
