// What webhooks may not be called, say or be.
import { assert, describe } from '../../../fixtures/describe.ts';
import { type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { basic, provision, registry } from '../../../fixtures/provisioned-cloud.ts';
import { describeRefusals, patch, post, put, type Refusal } from '../../../fixtures/refusals.ts';

const path = `${registry}/webhooks/mywebhook`;
const usual = { serviceUri: 'http://127.0.0.1:9/hook', actions: ['push'] };
const body = (properties: object = {}, location = 'westeurope') => ({
  location,
  properties: { ...usual, ...properties },
});
const wrong = (what: string, properties: object, code = 'InvalidPropertyValue'): Refusal => [
  what,
  400,
  code,
  put(path, body(properties)),
];

describeRefusals('what webhooks refuse', [
  ['a name that is none', 400, 'InvalidResourceName', put(`${registry}/webhooks/my-hook`, body())],
  ['a name that is too short', 400, 'InvalidResourceName', put(`${registry}/webhooks/hook`, body())],
  ['a region where the registry is not', 409, 'InvalidResourceLocation', put(path, body({}, 'eastus'))],
  wrong('an address that is none', { serviceUri: 'not an address' }),
  wrong('an address that is no web address', { serviceUri: 'ftp://127.0.0.1/' }),
  wrong('an address with a user that cannot be read', { serviceUri: 'http://%zz@127.0.0.1/' }),
  wrong('an address whose user can be read with its password only', {
    serviceUri: 'http://a%:41@127.0.0.1/',
  }),
  wrong('an address that is too long', { serviceUri: `http://127.0.0.1/${'x'.repeat(2048)}` }),
  wrong('no action', { actions: [] }),
  wrong('an action that is none', { actions: ['pull'] }, 'InvalidRequestContent'),
  wrong('a status that is none', { status: 'paused' }, 'InvalidRequestContent'),
  wrong('a scope that is none', { scope: 'a*b:c' }),
  wrong('a header of the connection', { customHeaders: { Host: 'elsewhere' } }),
  wrong('a header whose name is none', { customHeaders: { 'a b': 'c' } }),
  wrong('a header that hides another', { customHeaders: { 'X-Key': 'a\r\nHost: b' } }),
  wrong('more headers than it may have', {
    customHeaders: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`x-${index}`, ''])),
  }),
  wrong('a property that no webhook has', { serviceUrl: 'x' }, 'InvalidRequestContent'),
  [
    'no address at all',
    400,
    'InvalidRequestContent',
    put(path, { location: 'x', properties: { actions: [] } }),
  ],
  ['changing one that is not there', 404, 'ResourceNotFound', patch(path, {})],
  ['a ping of one that is not there', 404, 'ResourceNotFound', post(`${path}/ping`, {})],
  ['the events of one that is not there', 404, 'ResourceNotFound', post(`${path}/listEvents`, {})],
  ['the secrets of one that is not there', 404, 'ResourceNotFound', post(`${path}/getCallbackConfig`, {})],
]);

describe('the quota of webhooks', ({ before, after, test }) => {
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud();
    await provision(cloud);
  });
  after(() => cloud.close());

  test('is that of the tier, and counted', async () => {
    const make = (name: string) => cloud.arm('PUT', `${basic}/webhooks/${name}`, body());
    assert.equal((await make('first')).status, 200);
    assert.equal((await make('second')).status, 200);
    const third = await make('third');
    assert.deepEqual([third.status, third.at('error.code')], [403, 'QuotaExceeded']);
    assert.equal(
      third.text('error.message'),
      'Quota exceeded for resource type webhooks for the registry SKU Basic. Learn more about different SKU quotas and upgrade process: https://aka.ms/acr/tiers',
    );
    assert.equal((await make('second')).status, 200);
    const usages = await cloud.arm('GET', `${basic}/listUsages`);
    assert.partialDeepStrictEqual(usages.at('value.1'), { name: 'Webhooks', limit: 2, currentValue: 2 });
  });

  test('an error does not repeat the address, which may hold a secret', async () => {
    const refused = await cloud.arm('PUT', `${registry}/webhooks/mywebhook`, body({ serviceUri: 's3cret' }));
    assert.doesNotMatch(JSON.stringify(refused.body), /s3cret/);
    assert.equal(refused.at('error.target'), 'properties.serviceUri');
  });
});
