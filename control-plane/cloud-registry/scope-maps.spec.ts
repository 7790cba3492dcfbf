// Scope maps, for the cloud and for a node: every verb on every kind of reference, asked with every set of permissions there is,
// by Basic and by bearer token. A route without a row here fails the last test.
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, storeImage } from '../../fixtures/images/stored.ts';
import {
  basic,
  everything,
  owner,
  type RequestOptions,
  startRegistry,
  type TestRegistry,
} from '../../fixtures/registry.ts';
import { registryRoutes, repositoryRoutes } from '../../registry-node/api/routes.ts';
import { digestOf } from '../../registry-node/oci/digest.ts';
import { mediaTypes } from '../../registry-node/oci/media-type.ts';
import { gatewayActions, type RepositoryAction, repositoryActions } from '../../registry-node/oci/scope.ts';
import { catalogPath, metadataTable } from './metadata/routes.ts';

const image = buildImage('scope maps');
const blob = image.blobs[0]!.digest;
const absent = digestOf('absent');
const user = 'user';
const password = 'secret';
const manifest: RequestOptions = {
  body: image.manifest,
  headers: { 'content-type': mediaTypes.ociManifest },
};

interface Row extends RequestOptions {
  /** Method and path; `$` stands for the repository. */
  ask: string;
  actions: readonly RepositoryAction[];
  /** One of them is enough. */
  any?: boolean;
  /** Takes away what the next rows need. */
  destroys?: boolean;
}

const read: readonly RepositoryAction[] = ['content/read'];
const write: readonly RepositoryAction[] = ['content/write'];
const remove: readonly RepositoryAction[] = ['content/delete'];
const look: readonly RepositoryAction[] = ['metadata/read'];
const alter: readonly RepositoryAction[] = ['metadata/write'];

const registryRows: readonly Row[] = [
  { ask: 'GET /v2/$/manifests/v1', actions: read },
  { ask: 'HEAD /v2/$/manifests/v1', actions: read },
  { ask: `GET /v2/$/manifests/${image.digest}`, actions: read },
  { ask: `HEAD /v2/$/manifests/${image.digest}`, actions: read },
  { ask: `GET /v2/$/blobs/${blob}`, actions: read },
  { ask: `HEAD /v2/$/blobs/${blob}`, actions: read },
  { ask: `GET /v2/$/referrers/${image.digest}`, actions: read },
  { ask: `HEAD /v2/$/referrers/${image.digest}`, actions: read },
  { ask: 'GET /v2/$/tags/list', actions: [...look, ...read], any: true },
  { ask: 'HEAD /v2/$/tags/list', actions: [...look, ...read], any: true },
  { ask: 'PUT /v2/$/manifests/v1', actions: write, ...manifest },
  { ask: `PUT /v2/$/manifests/${image.digest}`, actions: write, ...manifest },
  { ask: `PUT /v2/$/manifests/${image.digest}?tag=v1`, actions: write, ...manifest },
  { ask: 'POST /v2/$/blobs/uploads/', actions: write },
  { ask: 'POST /v2/$/blobs/uploads', actions: write },
  { ask: `POST /v2/$/blobs/uploads/?mount=${blob}&from=other`, actions: write },
  { ask: `POST /v2/$/blobs/uploads/?mount=${blob}`, actions: write },
  { ask: 'GET /v2/$/blobs/uploads/x', actions: write },
  { ask: 'HEAD /v2/$/blobs/uploads/x', actions: write },
  { ask: 'PATCH /v2/$/blobs/uploads/x', actions: write },
  { ask: `PUT /v2/$/blobs/uploads/x?digest=${blob}`, actions: write },
  { ask: 'DELETE /v2/$/blobs/uploads/x', actions: write },
  { ask: 'DELETE /v2/$/manifests/absent', actions: remove },
  { ask: `DELETE /v2/$/manifests/${absent}`, actions: remove },
  { ask: `DELETE /v2/$/blobs/${absent}`, actions: remove },
];

const metadataRows: readonly Row[] = [
  { ask: 'GET /acr/v1/$', actions: look },
  { ask: 'HEAD /acr/v1/$', actions: look },
  { ask: 'GET /acr/v1/$/_tags', actions: look },
  { ask: 'GET /acr/v1/$/_tags/v1', actions: look },
  { ask: 'GET /acr/v1/$/_manifests', actions: look },
  { ask: `GET /acr/v1/$/_manifests/${image.digest}`, actions: look },
  { ask: 'PATCH /acr/v1/$', actions: alter, body: '{}' },
  { ask: 'PATCH /acr/v1/$/_tags/v1', actions: alter, body: '{}' },
  { ask: `PATCH /acr/v1/$/_manifests/${image.digest}`, actions: alter, body: '{}' },
  { ask: 'DELETE /acr/v1/$/_tags/absent', actions: remove },
  { ask: 'DELETE /acr/v1/$', actions: remove, destroys: true },
];

/** Calls of the gateway, and the actions that each takes; `{}` is refused with 400 once the caller is let in. */
const gatewayRows: readonly [call: string, actions: readonly string[]][] = [
  ['activate', ['config/write']],
  ['sync', ['config/read', 'message/read', 'message/write']],
  ['notify', ['message/write']],
  ['deactivate', ['config/write']],
];

/** Answered to whoever signs in, or to everyone; what they show is tested below and in registry-node/auth. */
const openPaths = ['/v2/', '/v2', '/v2/_catalog', catalogPath, '/oauth2/token'];

function subsetsOf<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: 1 << items.length }, (_, bits) =>
    items.filter((_item, position) => bits & (1 << position)),
  );
}

for (const [place, loginServer, rows] of [
  ['the cloud', true, [...registryRows, ...metadataRows]],
  ['a node', false, registryRows],
] as const) {
  describe(
    `scope maps in ${place}`,
    ({ test, before, after }) => {
      let registry: TestRegistry;
      before(async () => {
        registry = await startRegistry({
          loginServer,
          users: { [owner]: { password, actions: everything }, [user]: { password, actions: [] } },
        });
        for (const name of ['team/app', 'other']) await storeImage(registry.content, name, image, ['v1']);
      });
      after(() => registry.close());

      const ask = (row: Row, repository: string, authorization: string): Promise<Response> => {
        const [method = '', path = ''] = row.ask.replace('$', repository).split(' ');
        const headers = { ...row.headers, authorization };
        return registry.request(method, path, { headers, ...(row.body !== undefined && { body: row.body }) });
      };
      const grant = (...rules: readonly string[]): void => {
        registry.users[user]!.actions = rules;
      };
      const bearer = async (scope: string): Promise<string> => {
        const headers = { authorization: basic(user, password) };
        const response = await registry.request('GET', `/oauth2/token?service=s&scope=${scope}`, { headers });
        return `Bearer ${((await response.json()) as { access_token: string }).access_token}`;
      };
      const expectAnswer = async (row: Row, response: Response, allowed: boolean, what: string) => {
        const text = await response.text();
        if (!allowed) {
          assert.equal(response.status, 403, `${row.ask} with ${what}: ${response.status} ${text}`);
          if (text !== '') assert.equal(JSON.parse(text).errors[0].code, 'DENIED');
          return;
        }
        const through = response.status < 500 && ![401, 403, 405].includes(response.status);
        assert.ok(through, `${row.ask} with ${what}: ${response.status} ${text}`);
        if (row.destroys) await storeImage(registry.content, 'team/app', image, ['v1']);
      };
      const meets = ({ actions, any }: Row, granted: readonly RepositoryAction[]): boolean =>
        any
          ? actions.some((each) => granted.includes(each))
          : actions.every((each) => granted.includes(each));

      test('give exactly what they name, for each of their 32 sets of permissions', async () => {
        for (const granted of subsetsOf(repositoryActions)) {
          grant(...granted.map((action) => `repositories/team/app/${action}`));
          const ways = [basic(user, password), await bearer('repository:team/app:*')];
          for (const row of rows) {
            for (const way of ways) {
              const response = await ask(row, 'team/app', way);
              await expectAnswer(row, response, meets(row, granted), granted.join(' ') || 'nothing');
            }
          }
        }
      });

      for (const [rules, reaches] of [
        ['repositories/team/*', true],
        ['repositories/*', true],
        ['repositories/team/app', true],
        ['repositories/team', false],
        ['repositories/team/ap', false],
        ['repositories/team/app/*', false],
        ['repositories/other', false],
        ['repositories/team/app2', false],
      ] as const) {
        test(`of ${rules} ${reaches ? 'reach' : 'do not reach'} team/app`, async () => {
          grant(...repositoryActions.map((action) => `${rules}/${action}`));
          for (const row of rows) {
            const response = await ask(row, 'team/app', basic(user, password));
            await expectAnswer(row, response, reaches, rules);
          }
        });
      }

      test('let a token do no more than it was issued for, whatever its holder may', async () => {
        grant(...repositoryActions.map((action) => `repositories/team/app/${action}`));
        const wrong = await bearer('repository:other:*');
        for (const row of rows) {
          const response = await ask(row, 'team/app', wrong);
          assert.equal(response.status, 401, row.ask);
          assert.match(response.headers.get('www-authenticate') ?? '', /error="invalid_token"/, row.ask);
        }
      });

      test('show in catalogs what may be seen, by content or by metadata', async () => {
        for (const granted of subsetsOf(repositoryActions)) {
          grant(...granted.map((action) => `repositories/team/app/${action}`));
          const seen = granted.some((action) => action.endsWith('/read'));
          for (const path of loginServer ? ['/v2/_catalog', catalogPath] : ['/v2/_catalog']) {
            const response = await registry.request('GET', path, { as: user });
            const { repositories } = (await response.json()) as { repositories: string[] };
            assert.deepEqual(repositories, seen ? ['team/app'] : [], granted.join(' '));
          }
        }
      });

      test('let a mount take only what the caller may read', async () => {
        const mount = async (from: string): Promise<number> => {
          const path = `/v2/mine/blobs/uploads/?mount=${blob}${from}`;
          return (await registry.request('POST', path, { as: user })).status;
        };
        const mine = 'repositories/mine/content/write';
        grant(mine, 'repositories/other/metadata/read', 'repositories/other/content/write');
        for (const from of ['&from=other', '&from=team/app', '&from=absent', '&from=../x', '']) {
          assert.equal(await mount(from), 202, from);
        }
        grant(mine, 'repositories/other/content/read');
        assert.equal(await mount('&from=team/app'), 202);
        assert.equal(await mount('&from=other'), 201);
        assert.equal(await mount(''), 201);
      });

      test('guard each call of the gateway by its own actions on its own connected registry', async () => {
        const call = async (name: string, verb: string): Promise<number> => {
          const headers = { 'content-type': 'application/json', authorization: basic(user, password) };
          const path = `/acr/connected-registries/${name}/${verb}`;
          return (await registry.request('POST', path, { headers, body: '{}' })).status;
        };
        for (const granted of subsetsOf(gatewayActions)) {
          grant(...granted.map((action) => `gateway/site1/${action}`), ...everything);
          for (const [verb, needed] of gatewayRows) {
            const allowed = needed.every((action) => granted.some((each) => each === action));
            assert.equal(await call('site1', verb), allowed ? 400 : 403, `${verb} with ${granted.join(' ')}`);
            assert.equal(await call('site2', verb), 403);
          }
        }
      });

      test('are tested here on every route', () => {
        const asked = rows.map(({ ask: line }) => line.replace('$', 'team%2Fapp').split('?')[0]!);
        const isAsked = (method: string, url: string): boolean => {
          const line = new RegExp(`^${method} ${url.replaceAll(/:\w+/g, '[^/]+')}$`);
          return asked.some((each) => line.test(each));
        };
        const known = new Set(openPaths);
        for (const [verb] of gatewayRows) known.add(`/acr/connected-registries/:name/${verb}`);
        const metadata = loginServer ? metadataTable : [];
        const routes: [method: string, url: string][] = [
          ...registryRoutes.map(({ method, path }): [string, string] => [String(method), path]),
          ...repositoryRoutes.map(({ method, path }): [string, string] => [
            String(method),
            `/v2/:name/${path}`,
          ]),
          ...metadata.map(({ method, path }): [string, string] => [String(method), `/acr/v1/:name${path}`]),
          // What is mounted beside the tables would be found here.
          ...[...registry.routes].map((url): [string, string] => ['[A-Z]+', url]),
        ];
        const missing = routes.filter(([method, url]) => !known.has(url) && !isAsked(method, url));
        assert.deepEqual(missing, []);
      });
    },
    { timeoutMs: 60_000 },
  );
}
