// Replications over real HTTPS: what they are, and what they refuse.
import { type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { basic, idOf, provision, registry } from '../../../fixtures/provisioned-cloud.ts';
import { describeRefusals, patch, put, remove } from '../../../fixtures/refusals.ts';

const replication = (name: string): string => `${registry}/replications/${name}`;

describe('replications', ({ before, after, test }) => {
  let cloud: Cloud;
  const listed = async (of = registry): Promise<string[]> => {
    const { body } = await cloud.arm('GET', `${of}/replications`);
    return (body as { value: { name: string }[] }).value.map(({ name }) => name);
  };
  before(async () => {
    cloud = await startCloud();
    await provision(cloud);
  });
  after(() => cloud.close());

  test('the home region is there from the beginning, where a registry can be replicated', async () => {
    const home = await cloud.arm('GET', replication('WestEurope'));
    assert.equal(home.text('id'), idOf(cloud, replication('westeurope')));
    assert.equal(home.at('properties.status.displayStatus'), 'Ready');
    assert.deepEqual(await listed(), ['westeurope']);
    assert.deepEqual(await listed(basic), []);
  });

  test('are made, changed and removed in operations', async () => {
    const path = replication('northeurope');
    const made = await cloud.arm('PUT', path, { location: 'North Europe' });
    assert.equal(made.status, 201);
    const { timestamp } = made.at('properties.status') as { timestamp: string };
    assert.match(timestamp, /Z$/);
    assert.deepEqual(made.at('properties'), {
      provisioningState: 'Creating',
      status: { timestamp },
      regionEndpointEnabled: true,
      zoneRedundancy: 'Disabled',
    });
    assert.match(String(made.headers['azure-asyncoperation']), /\/operationStatuses\/replications-/);
    assert.deepEqual((await cloud.settle(made)).body, { status: 'Succeeded' });
    const shown = await cloud.arm('GET', path);
    assert.equal(shown.at('location'), 'northeurope');
    assert.equal(shown.at('properties.status.displayStatus'), 'Ready');
    assert.deepEqual(await listed(), ['northeurope', 'westeurope']);

    const patched = await cloud.arm('PATCH', path, {
      tags: { a: 'b' },
      properties: { regionEndpointEnabled: false },
    });
    assert.equal(patched.status, 201);
    assert.equal(patched.at('properties.provisioningState'), 'Updating');
    assert.deepEqual(
      [patched.at('properties.regionEndpointEnabled'), patched.at('tags')],
      [false, { a: 'b' }],
    );

    const usages = await cloud.arm('GET', `${registry}/listUsages`);
    const { value } = usages.body as { value: { name: string; currentValue: number }[] };
    assert.equal(value.find(({ name }) => name === 'Geo-replications')?.currentValue, 1);

    const removed = await cloud.arm('DELETE', path);
    assert.equal(removed.status, 202);
    assert.match(
      String(removed.headers.location),
      /\/locations\/NORTHEUROPE\/operationResults\/replications-/,
    );
    assert.equal((await cloud.settle(removed)).status, 200);
    assert.equal((await cloud.arm('DELETE', path)).status, 204);
    assert.equal((await cloud.arm('GET', path)).status, 404);
  });

  test('keep a registry in its tier, and let it go when they are gone', async () => {
    await cloud.arm('PUT', replication('eastus'), { location: 'eastus' });
    const smaller = (): ReturnType<Cloud['arm']> =>
      cloud.arm('PATCH', registry, {
        sku: { name: 'Standard' },
        properties: { dataEndpointEnabled: false },
      });
    for (const name of ['machine1', 'factory1'])
      await cloud.arm('DELETE', `${registry}/connectedRegistries/${name}`);
    const refused = await smaller();
    assert.deepEqual([refused.status, refused.at('error.code')], [409, 'Conflict']);
    assert.match(refused.text('error.message'), /replication/);
    await cloud.arm('DELETE', replication('eastus'));
    assert.equal((await smaller()).at('sku.name'), 'Standard');
    assert.deepEqual(await listed(), []);
  });
});

const there = { location: 'eastus' };
describeRefusals('what replications refuse', [
  ['one of another tier', 400, 'SkuNotSupported', put(`${basic}/replications/eastus`, there)],
  ['a name that is none', 400, 'InvalidResourceName', put(replication('east-us'), there)],
  ['a place that is none', 409, 'InvalidResourceLocation', put(replication('eastus'), { location: 'e/u' })],
  ['the home region', 409, 'Conflict', put(replication('another'), { location: 'westeurope' })],
  ['making what stands for the home region', 409, 'Conflict', put(replication('westeurope'), there)],
  ['changing it', 409, 'Conflict', patch(replication('westeurope'), { tags: {} })],
  ['removing it', 409, 'Conflict', remove(replication('westeurope'))],
  ['changing one that is not there', 404, 'ResourceNotFound', patch(replication('missing'), { tags: {} })],
  [
    'a second one in a region',
    409,
    'Conflict',
    async (at) => {
      await at.arm('PUT', replication('oneofthem'), there);
      return at.arm('PUT', replication('another'), { location: 'East US' });
    },
  ],
  ['one that moves', 409, 'InvalidResourceLocation', put(replication('oneofthem'), { location: 'westus' })],
  [
    'other zones',
    400,
    'PropertyChangeNotAllowed',
    put(replication('oneofthem'), { ...there, properties: { zoneRedundancy: 'enabled' } }),
  ],
  [
    'a property that no replication has',
    400,
    'InvalidRequestContent',
    put(replication('eastus'), { ...there, properties: { regionEndpoint: true } }),
  ],
  ['a registry that is not there', 404, 'ResourceNotFound', put(`${registry}x/replications/eastus`, there)],
]);
