// What ARM itself refuses: what it does not know, what has no signed-in caller, what is not part of it.
import { notEmulated } from './arm/not-implemented.ts';
import { type Call, type Cloud, startCloud } from '../fixtures/cloud.ts';
import { assert, describe } from '../fixtures/describe.ts';
import { group, idOf, provision, registries, registry } from '../fixtures/provisioned-cloud.ts';
import { describeRefusals, get, patch, post, put, type Refusal } from '../fixtures/refusals.ts';

describeRefusals('what ARM refuses', [
  ['an unknown path', 404, 'NotFound', get(`${registry}/nonsense`)],
  ['another subscription', 404, 'SubscriptionNotFound', get('/subscriptions/other/resourcegroups')],
  [
    'a body of more than a megabyte',
    413,
    'RequestEntityTooLarge',
    put(`${registry}/scopeMaps/mymap`, { properties: { actions: ['x'.repeat(1024 * 1024)] } }),
  ],
  ['a missing resource group', 404, 'ResourceGroupNotFound', get('resourceGroups/none')],
  ['a missing registry', 404, 'ResourceNotFound', get(`${registries}/missing`)],
  ['a missing child', 404, 'ResourceNotFound', get(`${registry}/tokens/missing`)],
  ['a missing operation', 404, 'OperationNotFound', get(`${registry}/operationStatuses/x-1`)],
  ['an api-version that is none', 400, 'InvalidApiVersionParameter', get(`${registry}?api-version=latest`)],
  ['a resource group that moves', 409, 'InvalidResourceLocation', put(group, { location: 'eastus' })],
  [
    'a resource group whose name ends in a dot',
    400,
    'InvalidResourceName',
    put('resourceGroups/x.', { location: 'x' }),
  ],
  [
    'more tags than a resource has',
    400,
    'InvalidRequestContent',
    patch(group, { tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, ''])) }),
  ],
  ['a provider that is none', 404, 'InvalidResourceNamespace', get('/providers/Microsoft.Nothing')],
  ['no entries at all', 400, 'InvalidTopInQueryString', get(`${registry}/tokens?$top=0`)],
  ...[`resourcegroups?$filter=a&$filter=b`, `resources?$expand=a&$expand=b`].map((path): Refusal => [
    `a parameter that is given twice, like ${path}`,
    400,
    'BadRequest',
    get(path),
  ]),
  ['a skip token of someone else', 400, 'InvalidSkipToken', get(`${registry}/tokens?$skiptoken=../x`)],
]);

describeRefusals(
  'what is not part of this control plane',
  Object.keys(notEmulated).flatMap((segment): Refusal[] => {
    const [all, one] = [`${registry}/${segment}`, `${registry}/${segment}/one`];
    return [
      [`listing ${segment}`, 501, 'NotImplemented', get(all)],
      [`making one of ${segment}`, 501, 'NotImplemented', put(one, {})],
      [`an action on ${segment}`, 501, 'NotImplemented', post(`${one}/act`, {})],
    ];
  }),
);

describe('who ARM refuses', ({ before, after, test }) => {
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud();
    await provision(cloud);
  });
  after(() => cloud.close());

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
