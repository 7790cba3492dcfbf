// Nobody gets in: every route of the management application is asked by everybody who must not be answered. The table of
// routes is the router's own, so a new route is asked, too, and fails here when it is open to strangers.
import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import jwt from 'jsonwebtoken';
import { type Answer, type Cloud, startCloud } from '../fixtures/cloud.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { group, provision } from '../fixtures/provisioned-cloud.ts';
import { collectRoutes, type TableRow } from '../fixtures/route-table.ts';
import { createPrincipal, type Principal, tokenOf } from '../fixtures/service-principals.ts';

/** What anybody may ask: how to sign in, and whether the process is alive. */
const open = new Set([
  'GET /healthz',
  'GET /readyz',
  'GET /metadata/endpoints',
  'GET /:tenant/.well-known/openid-configuration',
  'GET /:tenant/v2.0/.well-known/openid-configuration',
  'GET /common/discovery/instance',
  'GET /:tenant/discovery/keys',
  'GET /:tenant/discovery/v2.0/keys',
  'POST /:tenant/oauth2/token',
  'POST /:tenant/oauth2/v2.0/token',
]);

/** What whoever is signed in may ask: nothing in it is anybody's. */
const forAnyCaller = new Set([
  'GET /tenants',
  'GET /subscriptions',
  'GET /providers',
  'GET /providers/:namespace',
  'GET /providers/Microsoft.ContainerRegistry/operations',
]);

const nameOf = ({ method, path }: TableRow): string => `${method === 'HEAD' ? 'GET' : method} ${path}`;
const isGraph = ({ path }: TableRow): boolean => path.startsWith('/graph/');

describe(
  'nobody gets in',
  ({ before, after, test }) => {
    let cloud: Cloud;
    let guarded: TableRow[];
    let all: TableRow[];
    let stranger: Principal;
    let reader: Principal;
    let contributor: Principal;
    let privateKey: string;

    before(async () => {
      const collected = await collectRoutes(() => startCloud());
      cloud = collected.started;
      all = collected.rows;
      guarded = all.filter((row) => !open.has(nameOf(row)));
      await provision(cloud);
      stranger = await createPrincipal(cloud, 'stranger');
      reader = await createPrincipal(cloud, 'reader', { role: 'Reader', scope: '' });
      contributor = await createPrincipal(cloud, 'contributor', { role: 'Contributor', scope: group });
      privateKey = await readFile(`${cloud.folder}/data/keys/access-tokens.pem`, 'utf8');
    });
    after(() => cloud.close());

    const urlOf = ({ path }: TableRow): string => {
      const names: Record<string, string> = {
        subscription: cloud.credential.subscriptionId,
        resourceGroup: 'acr-rg',
        registry: 'myregistry',
      };
      const filled = path
        .replaceAll(/:(\w+)/g, (_, name: string) => names[name] ?? 'nothing')
        .replace('*', 'nothing');
      return `${cloud.credential.endpoint}${filled}?api-version=2025-11-01`;
    };
    const send = (row: TableRow, token: string | undefined): Promise<Answer> =>
      cloud.call(urlOf(row), {
        method: row.method as 'GET',
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        body: ['PUT', 'PATCH', 'POST'].includes(row.method) ? {} : undefined,
      });
    const resourceOf = (row: TableRow): string =>
      isGraph(row) ? `${cloud.credential.endpoint}/graph` : cloud.credential.endpoint;

    /** Asks all of `rows`. @returns those that did not answer with `status`, with what they did */
    const unlike = async (
      status: number,
      rows: readonly TableRow[],
      tokenFor: (row: TableRow) => string | undefined,
    ): Promise<string[]> => {
      const wrong: string[] = [];
      for (const row of rows) {
        const answer = await send(row, tokenFor(row));
        const challenged = status !== 401 || String(answer.headers['www-authenticate']).startsWith('Bearer ');
        if (answer.status !== status || !challenged) wrong.push(`${nameOf(row)}: ${answer.status}`);
      }
      return wrong;
    };

    test('the table is the whole application, and says which routes are open', () => {
      assert.ok(guarded.length > 100, `${guarded.length} routes`);
      const found = new Set(all.map(nameOf));
      assert.deepEqual(
        [...open].filter((name) => !found.has(name)),
        [],
      );
      const forAny = guarded.filter(({ action }) => action === 'anyCaller').map(nameOf);
      assert.deepEqual(
        forAny.filter((name) => !forAnyCaller.has(name)),
        [],
      );
    });

    /** Each makes a wrong token out of the claims of a right one. */
    const forgeries: Record<string, (claims: jwt.JwtPayload, kid: string) => string | undefined> = {
      'without a token': () => undefined,
      'with a token that is none': () => 'x.y.z',
      'with an expired token': (claims, kid) => sign({ ...claims, exp: claims.iat! - 1 }, kid),
      'with a token for later': (claims, kid) => sign({ ...claims, nbf: claims.iat! + 3600 }, kid),
      'with a token that nobody signed': (claims) => jwt.sign(claims, '', { algorithm: 'none' }),
      'with a token signed by the public key as a secret': (claims, kid) =>
        jwt.sign(claims, 'acrc', { algorithm: 'HS256', keyid: kid }),
      'with a token of another key': (claims, kid) =>
        jwt.sign(claims, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, {
          algorithm: 'RS256',
          keyid: kid,
        }),
      'with a token that names another key': (claims) => sign(claims, 'another'),
      'with a token of another issuer': (claims, kid) => sign({ ...claims, iss: 'another' }, kid),
      'with a token of another tenant': (claims, kid) => sign({ ...claims, tid: 'another' }, kid),
      'with a token for registries': (claims, kid) => sign({ ...claims, kind: 'registry' }, kid),
      'with a token of nobody there is': (claims, kid) => sign({ ...claims, appid: 'another' }, kid),
      'with a token of a password that is gone': (claims, kid) =>
        sign({ ...claims, credential: 'another' }, kid),
    };
    const sign = (claims: object, keyid: string): string =>
      jwt.sign(claims, privateKey, { algorithm: 'RS256', keyid });

    for (const [who, forge] of Object.entries(forgeries)) {
      test(`${who}: 401 everywhere`, async () => {
        const forged = new Map<boolean, string | undefined>();
        for (const inGraph of [true, false]) {
          const resource = `${cloud.credential.endpoint}${inGraph ? '/graph' : ''}`;
          const { header, payload } = jwt.decode(await tokenOf(cloud, reader, resource), { complete: true })!;
          forged.set(inGraph, forge(payload as jwt.JwtPayload, header.kid!));
        }
        assert.deepEqual(await unlike(401, guarded, (row) => forged.get(isGraph(row))), []);
      });
    }

    test('with a token for the other of the two APIs: 401 everywhere', async () => {
      const arm = await tokenOf(cloud, reader);
      const graph = await tokenOf(cloud, reader, `${cloud.credential.endpoint}/graph`);
      assert.deepEqual(await unlike(401, guarded, (row) => (isGraph(row) ? arm : graph)), []);
    });

    /** A token of `principal` for whatever API a row belongs to. */
    const tokensOf = async (principal: Principal): Promise<(row: TableRow) => string> => {
      const tokens = new Map<string, string>();
      for (const row of guarded.filter(
        (each, _, rows) => each === rows.find((other) => isGraph(other) === isGraph(each)),
      ))
        tokens.set(resourceOf(row), await tokenOf(cloud, principal, resourceOf(row)));
      return (row) => tokens.get(resourceOf(row))!;
    };

    test('without a role: 403 everywhere', async () => {
      const rows = guarded.filter((row) => !forAnyCaller.has(nameOf(row)));
      assert.deepEqual(await unlike(403, rows, await tokensOf(stranger)), []);
      const answer = await cloud.call(`${cloud.credential.endpoint}/subscriptions?api-version=2022-12-01`, {
        headers: { authorization: `Bearer ${await tokenOf(cloud, stranger)}` },
      });
      assert.deepEqual(answer.at('value'), []);
    });

    const isRead = (row: TableRow): boolean => row.method === 'GET' || row.method === 'HEAD';

    test('as a reader: every answer to a GET, and 403 for every change', async () => {
      const token = await tokensOf(reader);
      // Its name is said to be free or taken, which changes nothing.
      const changes = guarded.filter(
        (row) => !isRead(row) && !row.action?.endsWith('/read') && !row.path.endsWith('/getByIds'),
      );
      assert.deepEqual(
        await unlike(
          403,
          changes.filter(({ path }) => !path.endsWith('/*')),
          token,
        ),
        [],
      );
      for (const row of guarded.filter(isRead)) {
        const { status } = await send(row, token(row));
        assert.ok(status !== 401 && status !== 403, `${nameOf(row)}: ${status}`);
      }
    });

    test('as a contributor of the group: no way to another group, nor to roles', async () => {
      const headers = { authorization: `Bearer ${await tokenOf(cloud, contributor)}` };
      const { endpoint, subscriptionId } = cloud.credential;
      const ask = (method: 'GET' | 'PUT', path: string) =>
        cloud.call(`${endpoint}/subscriptions/${subscriptionId}/${path}?api-version=2025-11-01`, {
          method,
          headers,
          body: method === 'PUT' ? { location: 'westeurope' } : undefined,
        });
      const assignment = `${group}/providers/Microsoft.Authorization/roleAssignments/3f2504e0-4f89-41d3-9a0c-0305e82c3301`;
      const rows: ['GET' | 'PUT', string, number][] = [
        ['GET', group, 200],
        ['PUT', group, 200],
        ['PUT', group.toUpperCase(), 200],
        ['PUT', `${group}2`, 403],
        ['GET', 'resourceGroups/other', 403],
        ['GET', `${group}%2F..%2Fother`, 400],
        ['PUT', `resourceGroups/other%2F..%2F${group.split('/')[1]}`, 400],
        ['PUT', assignment, 403],
        ['GET', 'resourcegroups', 200],
      ];
      for (const [method, path, status] of rows) {
        const answer = await ask(method, path);
        assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
      }
      const refused = await ask('PUT', `${group}2`);
      assert.equal(
        refused.at('error.message'),
        `The client '${contributor.clientId}' with object id '${contributor.objectId}' does not have authorization to perform action ` +
          `'Microsoft.Resources/subscriptions/resourceGroups/write' over scope '/subscriptions/${subscriptionId}/${group}2' or the ` +
          'scope is invalid. If access was recently granted, please refresh your credentials.',
      );
    });
  },
  { timeoutMs: 60_000 },
);
