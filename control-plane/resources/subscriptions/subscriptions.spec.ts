// What clients ask before they know of any registry: subscriptions, places, providers, and what there is at all.
import { type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { basic, group, idOf, provision, registry } from '../../../fixtures/provisioned-cloud.ts';

const namesIn = (body: unknown): string[] =>
  (body as { value: { name: string }[] }).value.map(({ name }) => name);

describe('the list of all resources', ({ before, after, test }) => {
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud();
    await provision(cloud);
    await cloud.arm('PATCH', registry, { tags: { site: 'Hamburg', owner: 'it’s us' } });
    await cloud.arm('PATCH', basic, { tags: { site: 'Bremen', stage: 'Hamburg' } });
  });
  after(() => cloud.close());

  const rows: [string, string[]][] = [
    ["resourceType eq 'Microsoft.ContainerRegistry/registries'", ['basicregistry', 'myregistry']],
    ["resourceType eq 'microsoft.containerregistry/REGISTRIES' and name eq 'MYREGISTRY'", ['myregistry']],
    ["resourceType eq 'Microsoft.Compute/disks'", []],
    ["resourceGroup eq 'ACR-rg' and location eq 'westeurope'", ['basicregistry', 'myregistry']],
    ["location eq 'eastus'", []],
    ["resourceGroup eq 'none'", []],
    ["tagName eq 'site' and tagValue eq 'hamburg'", ['myregistry']],
    ["tagname eq 'stage'", ['basicregistry']],
    ["startswith(tagName, 'own')", ['myregistry']],
    ["startswith(name, 'basic')", ['basicregistry']],
  ];
  for (const [filter, names] of rows) {
    test(`is chosen from by ${filter}`, async () => {
      for (const list of ['resources', `${group}/resources`]) {
        const { body } = await cloud.arm('GET', `${list}?$filter=${encodeURIComponent(filter)}`);
        assert.deepEqual(namesIn(body), names);
      }
    });
  }

  test('comes in pages, and shows more where it is asked to', async () => {
    const first = await cloud.arm('GET', 'resources?$top=1&$expand=createdTime,provisioningState');
    assert.deepEqual(namesIn(first.body), ['basicregistry']);
    assert.equal(first.at('value.0.provisioningState'), 'Succeeded');
    assert.match(first.text('value.0.createdTime'), /^\d{4}-/);
    assert.equal(first.at('value.0.changedTime'), undefined);
    const { pathname, search } = new URL(first.text('nextLink'));
    const second = await cloud.arm('GET', pathname + search);
    assert.deepEqual(namesIn(second.body), ['myregistry']);
    assert.equal(second.at('nextLink'), undefined);
  });

  test('skips nothing at the end of a page where two things have one name', async () => {
    const properties = { serviceUri: 'https://hooks.example/', actions: ['push'] };
    const made = { location: 'northeurope', properties };
    await cloud.settle(
      await cloud.arm('PUT', `${registry}/replications/northeurope`, { location: 'northeurope' }),
    );
    await cloud.arm('PUT', `${registry}/webhooks/northeurope`, made);
    const types: string[] = [];
    for (let next = "resources?$top=1&$filter=startswith(name,'myregistry/')"; next !== '';) {
      const page = await cloud.arm('GET', next);
      types.push(page.text('value.0.type').split('/').at(-1)!);
      const link = page.at('nextLink');
      next = typeof link === 'string' ? new URL(link).pathname + new URL(link).search : '';
    }
    assert.deepEqual(types, ['replications', 'webhooks']);
  });

  test('is empty for a group that is, and unknown for one that is not', async () => {
    await cloud.arm('PUT', 'resourceGroups/empty-rg', { location: 'westeurope', tags: { site: 'x' } });
    assert.deepEqual((await cloud.arm('GET', 'resourceGroups/empty-rg/resources')).body, { value: [] });
    assert.equal((await cloud.arm('GET', 'resourceGroups/none/resources')).status, 404);
    const tagged = await cloud.arm('GET', "resourceGroups?$filter=tagName%20eq%20'SITE'");
    assert.deepEqual(namesIn(tagged.body), ['empty-rg']);
    const paged = await cloud.arm('GET', 'resourceGroups?$top=1');
    assert.deepEqual(namesIn(paged.body), ['acr-rg']);
    assert.ok(paged.text('nextLink').includes('skiptoken'));
  });
});

describe('subscriptions and providers', ({ before, after, test }) => {
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud();
  });
  after(() => cloud.close());

  test('a subscription, a tenant and places to choose from are there', async () => {
    const { subscriptionId, tenantId } = cloud.credential;
    const listed = await cloud.arm('GET', '/subscriptions');
    assert.equal(listed.text('value.0.subscriptionId'), subscriptionId);
    assert.equal((await cloud.arm('GET', '/tenants')).text('value.0.tenantId'), tenantId);
    assert.ok(namesIn((await cloud.arm('GET', 'locations')).body).includes('westeurope'));
  });

  test('the provider is registered, and names its types, places and api-versions', async () => {
    for (const path of ['/providers/microsoft.containerregistry', 'providers/Microsoft.ContainerRegistry']) {
      const provider = await cloud.arm('GET', path);
      assert.equal(provider.text('registrationState'), 'Registered');
      assert.equal(provider.text('resourceTypes.0.resourceType'), 'registries');
      assert.ok((provider.at('resourceTypes.0.apiVersions') as string[]).includes('2025-11-01'));
      assert.ok((provider.at('resourceTypes.0.locations') as string[]).includes('West Europe'));
    }
    const registered = await cloud.arm('POST', 'providers/Microsoft.ContainerRegistry/register');
    assert.equal(registered.text('registrationState'), 'Registered');
    const all = await cloud.arm('GET', 'providers');
    assert.equal(all.text('value.0.id'), idOf(cloud, 'providers/Microsoft.ContainerRegistry'));
  });

  test('its operations are what roles name', async () => {
    const { body } = await cloud.arm('GET', '/providers/Microsoft.ContainerRegistry/operations');
    const names = namesIn(body);
    for (const name of ['registries/read', 'registries/importImage/action', 'registries/tokens/delete'])
      assert.ok(names.includes(`Microsoft.ContainerRegistry/${name}`), name);
  });
});
