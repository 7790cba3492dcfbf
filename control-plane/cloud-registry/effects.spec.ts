// What is taken away at ARM is refused at the login server by the next request, whatever the client holds: a password, a bearer
// token or a refresh token got before, and answers of which the registry has just given the same.
import { type Answer, type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { type HeldAccess, heldForms, holdAccess } from '../../fixtures/held-access.ts';
import { buildImage, uploadImage } from '../../fixtures/images/stored.ts';
import { group, idOf, provision, registry } from '../../fixtures/provisioned-cloud.ts';
import type { ClientToken } from '../../fixtures/provision.ts';
import { assignRole, createPrincipal, graph, type Principal } from '../../fixtures/service-principals.ts';
import { openRemoteRegistry } from '../../registry-node/remote/open.ts';

const map = `${registry}/scopeMaps/app-map`;
const nothing = `${registry}/scopeMaps/sync-map`;
const read = ['repositories/app/content/read'];

type End = () => Promise<Answer | Answer[]>;

interface Row {
  what: string;
  /** @returns what takes it away */
  who: () => Promise<{ user: ClientToken; end: End }>;
}

describe(
  'at the next request',
  ({ before, after, test }) => {
    let cloud: Cloud;
    let host: string;

    const makePassword = async (name: string, password: 'password1' | 'password2'): Promise<string> => {
      const tokenId = idOf(cloud, `${registry}/tokens/${name}`);
      const made = await cloud.arm('POST', `${registry}/generateCredentials`, { tokenId, name: password });
      return made.text('passwords.0.value');
    };
    const makeToken = async (name: string): Promise<ClientToken> => {
      await cloud.arm('PUT', `${map}-${name}`, { properties: { actions: read } });
      const properties = { scopeMapId: idOf(cloud, `${map}-${name}`) };
      await cloud.arm('PUT', `${registry}/tokens/${name}`, { properties });
      return { name, password: await makePassword(name, 'password1') };
    };
    const admin = async (position = 0): Promise<ClientToken> => {
      await cloud.arm('PATCH', registry, { properties: { adminUserEnabled: true } });
      const answer = await cloud.arm('POST', `${registry}/listCredentials`);
      return { name: answer.text('username'), password: answer.text(`passwords.${position}.value`) };
    };
    const principal = async (name: string, role = 'AcrPull', scope = registry) => {
      const made = await createPrincipal(cloud, name);
      const assignment = await assignRole(cloud, made.objectId, role, scope);
      return { made, assignment, user: { name: made.clientId, password: made.secret } };
    };
    const keysOf = async ({ applicationId }: Principal): Promise<string[]> => {
      const shown = await graph(cloud, 'GET', `/applications/${applicationId}`);
      return (shown.at('passwordCredentials') as { keyId: string }[]).map(({ keyId }) => keyId);
    };

    before(async () => {
      cloud = await startCloud();
      await provision(cloud);
      host = (await cloud.arm('GET', registry)).text('properties.loginServer');
      const { name: username, password } = await admin();
      const credentials = { username, password };
      const remote = openRemoteRegistry({ endpoint: host, protocol: 'http', credentials });
      await uploadImage(remote, 'app', buildImage('effects'), 'v1');
      await remote.close();
    });
    after(() => cloud.close());

    const ofToken = (what: string, end: (token: string) => ReturnType<End>): Row => ({
      what,
      who: async () => {
        const user = await makeToken(`token-${rows.findIndex((row) => row.what === what)}`);
        return { user, end: () => end(user.name) };
      },
    });
    const change = (token: string, properties: object): Promise<Answer> =>
      cloud.arm('PATCH', `${registry}/tokens/${token}`, { properties });

    const rows: readonly Row[] = [
      ofToken('a token that is disabled', (name) => change(name, { status: 'disabled' })),
      ofToken('a password that is made anew', async (name) => {
        await makePassword(name, 'password1');
        return [];
      }),
      ofToken('a password that is deleted', (name) => change(name, { credentials: { passwords: [] } })),
      ofToken('a token that is deleted', (name) => cloud.arm('DELETE', `${registry}/tokens/${name}`)),
      ofToken('a token that is deleted and made again', async (name) => {
        const gone = await cloud.arm('DELETE', `${registry}/tokens/${name}`);
        await makeToken(name);
        return gone;
      }),
      ofToken('a scope map that is narrowed', (name) =>
        cloud.arm('PATCH', `${map}-${name}`, {
          properties: { actions: ['repositories/other/content/read'] },
        }),
      ),
      ofToken('a token that gets another scope map', (name) =>
        change(name, { scopeMapId: idOf(cloud, nothing) }),
      ),
      {
        what: 'an admin password that is made anew',
        who: async () => ({
          user: await admin(),
          end: () => cloud.arm('POST', `${registry}/regenerateCredential`, { name: 'password' }),
        }),
      },
      {
        what: 'the second admin password that is made anew',
        who: async () => ({
          user: await admin(1),
          end: () => cloud.arm('POST', `${registry}/regenerateCredential`, { name: 'password2' }),
        }),
      },
      {
        what: 'an admin user who is switched off',
        who: async () => ({
          user: await admin(),
          end: () => cloud.arm('PATCH', registry, { properties: { adminUserEnabled: false } }),
        }),
      },
      {
        what: 'a role that is taken away',
        who: async () => {
          const { user, assignment } = await principal('role');
          return { user, end: () => cloud.arm('DELETE', assignment) };
        },
      },
      {
        what: 'a role in the group that is taken away',
        who: async () => {
          const { user, assignment } = await principal('group-role', 'Reader', group);
          return { user, end: () => cloud.arm('DELETE', assignment) };
        },
      },
      {
        what: 'a password of a service principal that is removed',
        who: async () => {
          const { made, user } = await principal('password');
          const path = `/applications/${made.applicationId}/removePassword`;
          const keys = await keysOf(made);
          return { user, end: () => graph(cloud, 'POST', path, { keyId: keys[0] }) };
        },
      },
      {
        what: 'a service principal that is deleted',
        who: async () => {
          const { made, user } = await principal('principal');
          return { user, end: () => graph(cloud, 'DELETE', `/servicePrincipals/${made.objectId}`) };
        },
      },
      {
        what: 'an address that is shut out',
        who: async () => ({
          user: await makeToken('shut-out'),
          end: () => cloud.arm('PATCH', registry, { properties: { publicNetworkAccess: 'Disabled' } }),
        }),
      },
    ];

    const statuses = async (held: HeldAccess): Promise<number[]> => {
      const found: number[] = [];
      for (const form of heldForms) found.push(await held.pull(form));
      return found;
    };

    for (const { what, who } of rows) {
      test(`${what} is good no more, with ${heldForms.join(', ')}`, async () => {
        const { user, end } = await who();
        const held = await holdAccess(host, 'app:v1', user);
        // Often enough for every cache to hold it.
        for (let time = 0; time < 3; time++) assert.deepEqual(await statuses(held), [200, 200, 200]);
        for (const answer of [await end()].flat())
          assert.ok(answer.status < 300, JSON.stringify(answer.body));
        for (const status of await statuses(held)) assert.ok([401, 403].includes(status), String(status));
      });
    }

    test('what came with the other password goes on', async () => {
      await cloud.arm('PATCH', registry, { properties: { publicNetworkAccess: 'Enabled' } });
      const { name } = await makeToken('two-passwords');
      const held = await holdAccess(host, 'app:v1', {
        name,
        password: await makePassword(name, 'password2'),
      });
      await makePassword(name, 'password1');
      await change(name, { credentials: { passwords: [{ name: 'password2' }] } });
      assert.deepEqual(await statuses(held), [200, 200, 200]);
    });

    test('what a scope map allows anew is allowed to tokens got before', async () => {
      const { name, password } = await makeToken('widened');
      const held = await holdAccess(host, 'app:v1', { name, password });
      const set = (actions: string[]): Promise<Answer> =>
        cloud.arm('PATCH', `${map}-${name}`, { properties: { actions } });
      await set(['repositories/other/content/read']);
      assert.notDeepEqual(await statuses(held), [200, 200, 200]);
      await set(read);
      assert.deepEqual(await statuses(held), [200, 200, 200]);
    });

    test('a token for strangers is good no more where strangers may not pull', async () => {
      const pull = async (authorization?: string): Promise<number> => {
        const headers = authorization ? { authorization } : {};
        return (await fetch(`http://${host}/v2/app/manifests/v1`, { headers })).status;
      };
      await cloud.arm('PATCH', registry, { properties: { anonymousPullEnabled: true } });
      const query = new URLSearchParams({ service: host, scope: 'repository:app:pull' });
      const answer = await cloud.call(`http://${host}/oauth2/token?${query.toString()}`);
      const bearer = `Bearer ${answer.text('access_token')}`;
      for (let time = 0; time < 3; time++) assert.deepEqual([await pull(), await pull(bearer)], [200, 200]);
      await cloud.arm('PATCH', registry, { properties: { anonymousPullEnabled: false } });
      assert.deepEqual([await pull(), await pull(bearer)], [401, 401]);
    });
  },
  { timeoutMs: 30_000 },
);
