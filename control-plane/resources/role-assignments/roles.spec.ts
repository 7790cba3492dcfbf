// Roles over real HTTPS: how they are given, what they allow in a registry, and that taking them away counts at once.
import { createHash } from 'node:crypto';
import { type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import {
  basic as otherRegistry,
  group,
  idOf,
  provision,
  registry,
} from '../../../fixtures/provisioned-cloud.ts';
import {
  assignRole,
  createPrincipal,
  graph,
  ownerOf,
  type Principal,
  tokenOf,
} from '../../../fixtures/service-principals.ts';
import { builtInRoles } from '../role-definitions/built-in.ts';

const anyUser = '00000000-0000-0000-0000-000000000000';
const emptyDigest = `sha256:${createHash('sha256').update('{}').digest('hex')}`;
const list = 'providers/Microsoft.Authorization/roleAssignments';
const basicHeader = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

describe(
  'roles',
  ({ before, after, test }) => {
    let cloud: Cloud;
    let host: string;
    before(async () => {
      cloud = await startCloud();
      await provision(cloud);
      host = (await cloud.arm('GET', registry)).text('properties.loginServer');
      const headers = basicHeader(ownerOf(cloud).clientId, ownerOf(cloud).secret);
      const pushed = await cloud.call(`https://${host}/v2/app/blobs/uploads/?digest=${emptyDigest}`, {
        method: 'POST',
        headers,
        body: Buffer.from('{}'),
      });
      assert.equal(pushed.status, 201);
      const manifest = {
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: emptyDigest, size: 2 },
        layers: [],
      };
      const put = await cloud.call(`https://${host}/v2/app/manifests/v1`, {
        method: 'PUT',
        headers: { ...headers, 'content-type': manifest.mediaType },
        body: Buffer.from(JSON.stringify(manifest)),
      });
      assert.equal(put.status, 201);
    });
    after(() => cloud.close());

    const scopes = 'repository:app:pull,push,delete,metadata_read,metadata_write';
    const exchange = (token: string) =>
      cloud.call(`https://${host}/oauth2/exchange`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'access_token', service: host, access_token: token }),
      });
    const bearer = (user: string, password: string) =>
      cloud.call(`https://${host}/oauth2/token?service=${host}&scope=${encodeURIComponent(scopes)}`, {
        headers: basicHeader(user, password),
      });
    const grantedBy = (token: string): string[] => {
      const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
      return claims.access[0]?.actions ?? [];
    };
    const pull = (token: string) =>
      cloud.call(`https://${host}/v2/app/manifests/v1`, { headers: { authorization: `Bearer ${token}` } });
    const readRegistry = (token: string) =>
      cloud.call(`${cloud.credential.endpoint}${idOf(cloud, registry)}?api-version=2025-11-01`, {
        headers: { authorization: `Bearer ${token}` },
      });

    const everything = ['pull', 'push', 'delete', 'metadata_read', 'metadata_write'];
    const rows: [role: string, scope: string, granted: string[]][] = [
      ['Owner', '', everything],
      ['Contributor', group, everything],
      ['Reader', registry, ['pull', 'metadata_read']],
      ['AcrPull', registry, ['pull', 'metadata_read']],
      ['AcrPush', group, ['pull', 'push', 'metadata_read', 'metadata_write']],
      ['AcrDelete', registry, ['delete']],
    ];
    for (const [role, scope, granted] of rows) {
      test(`${role} lets docker ${granted.join(', ')}, with its password and with an exchanged token`, async () => {
        const principal = await createPrincipal(cloud, `has ${role}`, { role, scope });
        const byPassword = await bearer(principal.clientId, principal.secret);
        assert.deepEqual(grantedBy(byPassword.text('access_token')), granted);
        const exchanged = await exchange(await tokenOf(cloud, principal));
        const byToken = await bearer(anyUser, exchanged.text('refresh_token'));
        assert.deepEqual(grantedBy(byToken.text('access_token')), granted);
        const { status } = await pull(byToken.text('access_token'));
        assert.equal(status, granted.includes('pull') ? 200 : 403);
      });
    }

    for (const [what, given] of [
      ['no role', undefined],
      ['a role in another registry', { role: 'AcrPush', scope: otherRegistry }],
      ['a role that allows nothing in registries', { role: 'AcrImageSigner', scope: registry }],
    ] as const) {
      test(`with ${what} nobody signs in to a registry`, async () => {
        const principal = await createPrincipal(cloud, `has ${what}`, given);
        const refused = await bearer(principal.clientId, principal.secret);
        assert.equal(refused.status, 401);
        assert.match(refused.text('errors.0.message'), /no role/);
        assert.equal((await exchange(await tokenOf(cloud, principal))).status, 401);
      });
    }

    interface Held {
      principal: Principal;
      assignment: string;
    }
    const ends: Record<string, (held: Held) => Promise<unknown>> = {
      'its role is removed': ({ assignment }) => cloud.arm('DELETE', assignment),
      'it is deleted': ({ principal }) => graph(cloud, 'DELETE', `/servicePrincipals/${principal.objectId}`),
      'its application is deleted': ({ principal }) =>
        graph(cloud, 'DELETE', `/applications/${principal.applicationId}`),
      'its password is removed': async ({ principal }) => {
        const path = `/applications/${principal.applicationId}`;
        const keyId = (await graph(cloud, 'GET', path)).text('passwordCredentials.0.keyId');
        return graph(cloud, 'POST', `${path}/removePassword`, { keyId });
      },
    };
    for (const [what, end] of Object.entries(ends)) {
      test(`nothing that it got before works once ${what}`, async () => {
        const principal = await createPrincipal(cloud, what);
        const assignment = await assignRole(cloud, principal.objectId, 'Reader', registry);
        const arm = await tokenOf(cloud, principal);
        const refresh = (await exchange(arm)).text('refresh_token');
        const access = (await bearer(anyUser, refresh)).text('access_token');
        const other = (await bearer(principal.clientId, principal.secret)).text('access_token');
        assert.deepEqual(
          [(await readRegistry(arm)).status, (await pull(access)).status, (await pull(other)).status],
          [200, 200, 200],
        );
        await end({ principal, assignment });
        assert.ok([401, 403].includes((await readRegistry(arm)).status), 'ARM');
        assert.equal((await pull(access)).status, 401);
        assert.equal((await pull(other)).status, 401);
        assert.equal((await bearer(anyUser, refresh)).status, 401);
        assert.equal((await bearer(principal.clientId, principal.secret)).status, 401);
        assert.equal((await exchange(arm)).status, 401);
      });
    }

    test('a service principal made anew has none of the roles of the one that was deleted', async () => {
      const principal = await createPrincipal(cloud, 'twice', { role: 'Reader', scope: registry });
      await graph(cloud, 'DELETE', `/servicePrincipals/${principal.objectId}`);
      const again = await graph(cloud, 'POST', '/servicePrincipals', { appId: principal.clientId });
      assert.notEqual(again.text('id'), principal.objectId);
      assert.equal((await readRegistry(await tokenOf(cloud, principal))).status, 403);
    });

    test('lists show what their caller may read', async () => {
      const principal = await createPrincipal(cloud, 'lister', { role: 'Reader', scope: registry });
      const headers = { authorization: `Bearer ${await tokenOf(cloud, principal)}` };
      const { endpoint, subscriptionId } = cloud.credential;
      const names = async (path: string): Promise<unknown> => {
        const url = `${endpoint}/subscriptions/${subscriptionId}/${path}?api-version=2025-11-01`;
        const { body } = await cloud.call(url, { headers });
        return (body as { value: { name: string }[] }).value.map(({ name }) => name);
      };
      assert.deepEqual(await names('providers/Microsoft.ContainerRegistry/registries'), ['myregistry']);
      assert.deepEqual(await names('resources'), ['myregistry']);
      assert.deepEqual(await names('resourcegroups'), []);
    });

    test('an image is imported only by who may pull it where it comes from', async () => {
      const principal = await createPrincipal(cloud, 'importer', {
        role: 'Contributor',
        scope: otherRegistry,
      });
      const headers = { authorization: `Bearer ${await tokenOf(cloud, principal)}` };
      const importImage = () =>
        cloud.call(
          `${cloud.credential.endpoint}${idOf(cloud, otherRegistry)}/importImage?api-version=2025-11-01`,
          {
            method: 'POST',
            headers,
            body: {
              source: { resourceId: idOf(cloud, registry), sourceImage: 'app:v1' },
              targetTags: ['copy:v1'],
            },
          },
        );
      const refused = await importImage();
      assert.deepEqual([refused.status, refused.at('error.code')], [403, 'LinkedAuthorizationFailed']);
      assert.match(
        refused.text('error.message'),
        /'Microsoft\.ContainerRegistry\/registries\/pull\/read' on the linked/,
      );
      await assignRole(cloud, principal.objectId, 'AcrPull', registry);
      assert.equal((await importImage()).status, 202);
    });

    test('are given, shown, found and taken away', async () => {
      const principal = await createPrincipal(cloud, 'listed');
      const path = await assignRole(cloud, principal.objectId, 'AcrPull', registry);
      const shown = await cloud.arm('GET', path);
      assert.equal(shown.at('properties.principalId'), principal.objectId);
      assert.equal(shown.at('properties.scope'), idOf(cloud, registry));
      assert.match(shown.text('properties.roleDefinitionId'), /\/7f951dda-4ed3-4680-a7ca-43fe172d538d$/);
      const found = async (scope: string, filter: string): Promise<unknown[]> => {
        const answer = await cloud.arm('GET', `${scope}${list}?$filter=${encodeURIComponent(filter)}`);
        return (answer.body as { value: { id: string }[] }).value.map(({ id }) => id);
      };
      const mine = `principalId eq '${principal.objectId}'`;
      const id = idOf(cloud, path);
      assert.deepEqual(await found('', mine), [id]);
      assert.deepEqual(await found(`${registry}/`, `atScope() and assignedTo('${principal.objectId}')`), [
        id,
      ]);
      assert.deepEqual(await found('', `atScope() and ${mine}`), []);
      assert.equal((await found(`${registry}/`, 'atScope()')).length > 1, true, 'with what is inherited');
      assert.equal((await cloud.arm('DELETE', path)).status, 200);
      assert.equal((await cloud.arm('DELETE', path)).status, 204);
      assert.equal((await cloud.arm('GET', path)).at('error.code'), 'RoleAssignmentNotFound');
    });

    test('go with the registry that they were given for', async () => {
      const short = `${group}/providers/Microsoft.ContainerRegistry/registries/shortlived`;
      const body = { location: 'westeurope', sku: { name: 'Basic' } };
      await cloud.settle(await cloud.arm('PUT', short, body));
      const principal = await createPrincipal(cloud, 'outlives', { role: 'Reader', scope: short });
      await cloud.arm('DELETE', short);
      await cloud.settle(await cloud.arm('PUT', short, body));
      const token = await tokenOf(cloud, principal);
      const url = `${cloud.credential.endpoint}${idOf(cloud, short)}?api-version=2025-11-01`;
      assert.equal((await cloud.call(url, { headers: { authorization: `Bearer ${token}` } })).status, 403);
    });

    const pullRole = builtInRoles.find(({ name }) => name === 'AcrPull')!.guid;
    const definition = (guid: string) => `/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
    const refusals: [string, (principal: Principal) => [name: string, properties: object], number, string][] =
      [
        [
          'a name that is no GUID',
          ({ objectId }) => ['mine', { roleDefinitionId: definition(pullRole), principalId: objectId }],
          400,
          'InvalidResourceName',
        ],
        [
          'a role that there is not',
          ({ objectId }) => [
            crypto.randomUUID(),
            { roleDefinitionId: definition('x'), principalId: objectId },
          ],
          404,
          'RoleDefinitionDoesNotExist',
        ],
        [
          'a client id where the object id belongs',
          ({ clientId }) => [
            crypto.randomUUID(),
            { roleDefinitionId: definition(pullRole), principalId: clientId },
          ],
          400,
          'PrincipalNotFound',
        ],
        [
          'a principal that is a user',
          ({ objectId }) => [
            crypto.randomUUID(),
            { roleDefinitionId: definition(pullRole), principalId: objectId, principalType: 'User' },
          ],
          400,
          'UnmatchedPrincipalType',
        ],
        [
          'a condition',
          ({ objectId }) => [
            crypto.randomUUID(),
            { roleDefinitionId: definition(pullRole), principalId: objectId, condition: 'true' },
          ],
          501,
          'NotImplemented',
        ],
        [
          'what is given already',
          ({ objectId }) => [
            crypto.randomUUID(),
            { roleDefinitionId: definition(builtInRoles[2]!.guid), principalId: objectId },
          ],
          409,
          'RoleAssignmentExists',
        ],
      ];
    test('are not given for nonsense', async () => {
      const principal = await createPrincipal(cloud, 'refused', { role: 'Reader', scope: registry });
      for (const [what, ask, status, code] of refusals) {
        const [name, properties] = ask(principal);
        const answer = await cloud.arm('PUT', `${registry}/${list}/${name}`, { properties });
        assert.deepEqual([answer.status, answer.at('error.code')], [status, code], what);
      }
      const taken = await cloud.arm('GET', `${registry}/${list}?$filter=atScope()`);
      const one = (
        taken.body as { value: { name: string; properties: { principalId: string } }[] }
      ).value.find(({ properties }) => properties.principalId === principal.objectId);
      const changed = await cloud.arm('PUT', `${registry}/${list}/${one!.name}`, {
        properties: { roleDefinitionId: definition(pullRole), principalId: principal.objectId },
      });
      assert.equal(changed.at('error.code'), 'RoleAssignmentUpdateNotPermitted');
      const filtered = await cloud.arm('GET', `${registry}/${list}?$filter=roleName%20eq%20'x'`);
      assert.equal(filtered.at('error.code'), 'InvalidFilterInQueryString');
    });

    test('are defined as Azure defines them', async () => {
      const path = 'providers/Microsoft.Authorization/roleDefinitions';
      const all = await cloud.arm('GET', path);
      assert.equal((all.body as { value: unknown[] }).value.length, builtInRoles.length);
      const one = await cloud.arm('GET', `${path}?$filter=roleName%20eq%20'acrpull'`);
      assert.equal(one.at('value.0.name'), pullRole);
      assert.deepEqual(one.at('value.0.properties.permissions.0.actions'), [
        'Microsoft.ContainerRegistry/registries/pull/read',
      ]);
      assert.equal((await cloud.arm('GET', `${path}/${pullRole}`)).at('properties.roleName'), 'AcrPull');
      assert.equal((await cloud.arm('GET', `${path}/x`)).at('error.code'), 'RoleDefinitionDoesNotExist');
    });

    test('the owner is owner again after a restart, whatever was taken from it', async () => {
      const mine = (await cloud.arm('GET', `${list}?$filter=atScope()`)).body as {
        value: { id: string; properties: { roleDefinitionId: string } }[];
      };
      const own = mine.value.find(({ properties }) =>
        properties.roleDefinitionId.endsWith(builtInRoles[0]!.guid),
      );
      assert.ok(own);
      for (const { id } of mine.value) await cloud.arm('DELETE', id);
      assert.equal((await cloud.arm('GET', registry)).status, 403);
      await cloud.restart();
      assert.equal((await cloud.arm('GET', registry)).status, 200);
    });
  },
  { timeoutMs: 30_000 },
);
