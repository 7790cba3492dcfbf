// What ARM refuses, over real HTTPS: each row is a request and the status and code of its answer.
import { type Answer, type Call, type Cloud, startCloud } from '../fixtures/cloud.ts';
import { assert, describe } from '../fixtures/describe.ts';
import {
  basic,
  connect,
  create,
  idOf,
  provision,
  registries,
  registry,
} from '../fixtures/provisioned-cloud.ts';

const scopeMap = (actions: unknown) => ({ properties: { actions } });

describe('what ARM refuses', ({ before, after, test }) => {
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud();
    await provision(cloud);
  });
  after(() => cloud.close());

  type Send = (cloud: Cloud) => Promise<Answer>;
  const put =
    (path: string, body: object): Send =>
    (at) =>
      at.arm('PUT', path, body);
  const patch =
    (path: string, body: object): Send =>
    (at) =>
      at.arm('PATCH', path, body);
  const rows: [string, number, string, Send][] = [
    ['an unknown path', 404, 'NotFound', (at) => at.arm('GET', `${registry}/nonsense`)],
    [
      'another subscription',
      404,
      'SubscriptionNotFound',
      (at) => at.arm('GET', '/subscriptions/other/resourcegroups'),
    ],
    ['a missing resource group', 404, 'ResourceGroupNotFound', (at) => at.arm('GET', 'resourceGroups/none')],
    ['a missing registry', 404, 'ResourceNotFound', (at) => at.arm('GET', `${registries}/missing`)],
    ['a missing child', 404, 'ResourceNotFound', (at) => at.arm('GET', `${registry}/tokens/missing`)],
    [
      'a missing operation',
      404,
      'OperationNotFound',
      (at) => at.arm('GET', `${registry}/operationStatuses/x-1`),
    ],
    [
      'an api-version that is none',
      400,
      'InvalidApiVersionParameter',
      (at) => at.arm('GET', `${registry}?api-version=latest`),
    ],
    ['a registry with a short name', 400, 'InvalidResourceName', put(`${registries}/abc`, create())],
    ['a registry with a dash', 400, 'InvalidResourceName', put(`${registries}/my-registry`, create())],
    [
      'a registry without a tier',
      400,
      'InvalidRequestContent',
      put(`${registries}/another1`, { location: 'x' }),
    ],
    [
      'a tier that is none',
      400,
      'InvalidRequestContent',
      put(`${registries}/another1`, create({ sku: { name: 'constructor' } })),
    ],
    [
      'the Classic tier',
      400,
      'ClassicSkuDeprecated',
      put(`${registries}/another1`, create({ sku: { name: 'Classic' } })),
    ],
    ['a registry that moves', 409, 'InvalidResourceLocation', put(registry, create({ location: 'eastus' }))],
    [
      'a firewall that nobody would enforce',
      501,
      'NotImplemented',
      put(`${registries}/another1`, create({ properties: { networkRuleSet: { defaultAction: 'Deny' } } })),
    ],
    [
      'anonymous pull on Basic',
      400,
      'BadRequest',
      patch(basic, { properties: { anonymousPullEnabled: true } }),
    ],
    [
      'a data endpoint on Basic',
      400,
      'SkuNotSupported',
      patch(basic, { properties: { dataEndpointEnabled: true } }),
    ],
    [
      'a downgrade while it has connected registries',
      409,
      'Conflict',
      patch(registry, { sku: { name: 'Standard' } }),
    ],
    [
      'credentials of a disabled admin user',
      400,
      'AdminUserDisabled',
      (at) => at.arm('POST', `${basic}/listCredentials`),
    ],
    [
      'a scope map that is the system’s',
      400,
      'ScopeMapIsSystemDefined',
      put(`${registry}/scopeMaps/_repositories_pull`, scopeMap([])),
    ],
    [
      'a scope map without actions',
      400,
      'InvalidRequestContent',
      put(`${registry}/scopeMaps/mymap`, { properties: {} }),
    ],
    [
      'an action that is none',
      400,
      'InvalidPropertyValue',
      put(`${registry}/scopeMaps/mymap`, scopeMap(['repositories/a/content/fly'])),
    ],
    [
      'more actions than a scope map holds',
      403,
      'QuotaExceeded',
      put(
        `${registry}/scopeMaps/mymap`,
        scopeMap(Array.from({ length: 501 }, (_, index) => `repositories/r${index}/content/read`)),
      ),
    ],
    [
      'a token with a name that is none',
      400,
      'InvalidResourceName',
      put(`${registry}/tokens/a_b_c_d`, { properties: { scopeMapId: 'x' } }),
    ],
    [
      'a token with a scope map that is no id',
      400,
      'LinkedInvalidPropertyId',
      put(`${registry}/tokens/client2`, { properties: { scopeMapId: 'x' } }),
    ],
    [
      'a token with a scope map that is missing',
      400,
      'LinkedResourceNotFound',
      (at) =>
        at.arm('PUT', `${registry}/tokens/client2`, {
          properties: { scopeMapId: idOf(at, `${registry}/scopeMaps/missing`) },
        }),
    ],
    [
      'a password that has expired',
      400,
      'InvalidPropertyValue',
      (at) =>
        at.arm('POST', `${registry}/generateCredentials`, {
          tokenId: idOf(at, `${registry}/tokens/client1`),
          expiry: '2020-01-01T00:00:00Z',
        }),
    ],
    [
      'a password for a missing token',
      404,
      'ResourceNotFound',
      (at) =>
        at.arm('POST', `${registry}/generateCredentials`, {
          tokenId: idOf(at, `${registry}/tokens/missing`),
        }),
    ],
    ['deleting a sync token in use', 409, 'Conflict', (at) => at.arm('DELETE', `${registry}/tokens/sync1`)],
    [
      'a connected registry of a Basic registry',
      400,
      'SkuNotSupported',
      put(`${basic}/connectedRegistries/factory1`, {
        properties: { mode: 'ReadOnly', parent: { syncProperties: { tokenId: 'x', messageTtl: 'P2D' } } },
      }),
    ],
    [
      'a connected registry with a dash',
      400,
      'InvalidResourceName',
      (at) => connect(at, 'factory-2', { tokenId: 'sync3' }),
    ],
    [
      'a mode that is none',
      400,
      'InvalidRequestContent',
      (at) => connect(at, 'factory2', { tokenId: 'sync3', mode: 'WriteOnly' }),
    ],
    [
      'a sync token that is missing',
      400,
      'LinkedResourceNotFound',
      (at) => connect(at, 'factory2', { tokenId: 'missing' }),
    ],
    [
      'a sync token that another uses',
      409,
      'Conflict',
      (at) => connect(at, 'factory2', { tokenId: 'sync1' }),
    ],
    [
      'a parent that is missing',
      400,
      'LinkedResourceNotFound',
      (at) => connect(at, 'factory2', { tokenId: 'sync3', parent: 'missing' }),
    ],
    [
      'a ReadWrite child of a ReadOnly parent',
      400,
      'ConnectedRegistryModeConflict',
      (at) => connect(at, 'factory2', { tokenId: 'sync3', parent: 'machine1' }),
    ],
    [
      'a message TTL of an hour',
      400,
      'InvalidPropertyValue',
      (at) => connect(at, 'factory2', { tokenId: 'sync3', sync: { messageTtl: 'PT1H' } }),
    ],
    [
      'a window of eight days',
      400,
      'InvalidPropertyValue',
      (at) =>
        connect(at, 'factory2', { tokenId: 'sync3', sync: { schedule: '0 0 * * *', syncWindow: 'P8D' } }),
    ],
    [
      'a schedule that is none',
      400,
      'InvalidPropertyValue',
      (at) => connect(at, 'factory2', { tokenId: 'sync3', sync: { schedule: 'nightly' } }),
    ],
    [
      'a client token that is missing',
      400,
      'LinkedResourceNotFound',
      (at) =>
        connect(at, 'factory2', {
          tokenId: 'sync3',
          properties: { clientTokenIds: [idOf(at, `${registry}/tokens/missing`)] },
        }),
    ],
    [
      'a notification that is none',
      400,
      'InvalidPropertyValue',
      (at) => connect(at, 'factory2', { tokenId: 'sync3', properties: { notificationsList: ['hello'] } }),
    ],
    [
      'a change of mode',
      400,
      'PropertyChangeNotAllowed',
      (at) => connect(at, 'factory1', { tokenId: 'sync1', mode: 'ReadOnly' }),
    ],
    [
      'a change of the sync token',
      400,
      'PropertyChangeNotAllowed',
      (at) => connect(at, 'factory1', { tokenId: 'sync3' }),
    ],
    [
      'deleting a parent',
      409,
      'Conflict',
      (at) => at.arm('DELETE', `${registry}/connectedRegistries/factory1`),
    ],
    [
      'resynchronising what never ran',
      409,
      'ConnectedRegistryHasOfflineChildren',
      (at) => at.arm('POST', `${registry}/connectedRegistries/factory1/resync`),
    ],
    [
      'resynchronising a nested one',
      501,
      'NotImplemented',
      (at) => at.arm('POST', `${registry}/connectedRegistries/machine1/resync`),
    ],
    [
      'a filter that is none',
      400,
      'InvalidFilterInQueryString',
      (at) => at.arm('GET', `${registry}/connectedRegistries?$filter=mode%20ne%20'x'`),
    ],
    [
      'a skip token of someone else',
      400,
      'InvalidSkipToken',
      (at) => at.arm('GET', `${registry}/tokens?$skiptoken=../x`),
    ],
    [
      'an import without a source',
      400,
      'InvalidPropertyValue',
      (at) => at.arm('POST', `${registry}/importImage`, { source: { sourceImage: 'a:1' } }),
    ],
    [
      'an import of what is no image',
      400,
      'InvalidPropertyValue',
      (at) =>
        at.arm('POST', `${registry}/importImage`, {
          source: { registryUri: 'localhost', sourceImage: 'A B' },
        }),
    ],
    [
      'an import from a URL with a path',
      400,
      'InvalidPropertyValue',
      (at) =>
        at.arm('POST', `${registry}/importImage`, {
          source: { registryUri: 'localhost/etc', sourceImage: 'a:1' },
        }),
    ],
    ['cache rules', 501, 'NotImplemented', (at) => at.arm('GET', `${registry}/cacheRules`)],
    ['tasks', 501, 'NotImplemented', put(`${registry}/tasks/build`, {})],
  ];
  for (const [what, status, code, send] of rows) {
    test(`${what}: ${status} ${code}`, async () => {
      const answer = await send(cloud);
      assert.deepEqual([answer.status, answer.at('error.code')], [status, code], JSON.stringify(answer.body));
      assert.equal(answer.at('status'), 'Failed');
      assert.ok(answer.text('error.message').length > 20, 'a sentence says what happened');
    });
  }

  test('a body that is no JSON', async () => {
    const { authorization } = await signIn(cloud);
    const url = `${cloud.credential.endpoint}${idOf(cloud, registry)}?api-version=2025-11-01`;
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await cloud.call(url, { method: 'PUT', headers, body: Buffer.from('{') });
    assert.deepEqual([answer.status, answer.at('error.code')], [400, 'InvalidRequestContent']);
  });

  test('a request without an api-version', async () => {
    const headers = await signIn(cloud);
    const answer = await cloud.call(`${cloud.credential.endpoint}/subscriptions`, { headers });
    assert.deepEqual([answer.status, answer.at('error.code')], [400, 'MissingApiVersionParameter']);
  });

  const strangers: Record<string, [Call['headers'], string]> = {
    'without a token': [{}, 'AuthenticationFailed'],
    'with a password': [{ authorization: 'Basic YTpi' }, 'AuthenticationFailed'],
    'with a token that is none': [{ authorization: 'Bearer x.y.z' }, 'InvalidAuthenticationToken'],
    'with a token that nobody signed': [
      { authorization: `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.` },
      'InvalidAuthenticationToken',
    ],
  };
  for (const [what, [headers = {}, code]] of Object.entries(strangers)) {
    test(`callers ${what}`, async () => {
      const url = `${cloud.credential.endpoint}/subscriptions?api-version=2022-12-01`;
      const answer = await cloud.call(url, { headers });
      assert.deepEqual([answer.status, answer.at('error.code')], [401, code]);
      assert.match(String(answer.headers['www-authenticate']), /^Bearer /);
    });
  }
});

async function signIn(cloud: Cloud): Promise<{ authorization: string }> {
  const { endpoint, tenantId, clientId, clientSecret } = cloud.credential;
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const body = new URLSearchParams({ ...form, resource: 'https://management.core.windows.net/' });
  const answer = await cloud.call(`${endpoint}/${tenantId}/oauth2/token`, { method: 'POST', body });
  return { authorization: `Bearer ${answer.text('access_token')}` };
}
