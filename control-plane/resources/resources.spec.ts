// ARM resources over real HTTPS: how they are found and listed, what a change does to others, and what a restart
// keeps.
import { readdir } from 'node:fs/promises';
import { type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { create, idOf, provision, registry } from '../../fixtures/provisioned-cloud.ts';

describe('ARM resources', ({ before, after, test }) => {
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud();
    await provision(cloud);
  });
  after(() => cloud.close());

  test('are found in any case and shown as they were spelled', async () => {
    const answer = await cloud.arm('GET', registry.toUpperCase());
    assert.equal(answer.text('id'), idOf(cloud, registry));
    const child = await cloud.arm('GET', `${registry.toLowerCase()}/tokens/CLIENT1`);
    assert.equal(child.text('id'), idOf(cloud, `${registry}/tokens/client1`));
  });

  test('are asked for without being read', async () => {
    const of = async (path: string): Promise<number> => (await cloud.arm('HEAD', path)).status;
    assert.deepEqual([await of(registry), await of(`${registry}x`)], [204, 404]);
    assert.deepEqual([await of('resourceGroups/ACR-RG'), await of('resourceGroups/none')], [204, 404]);
  });

  test('carry the ids that traces are joined by', async () => {
    const answer = await cloud.arm('GET', registry);
    assert.match(String(answer.headers['x-ms-request-id']), /^[0-9a-f-]{36}$/);
    assert.ok(answer.headers['x-ms-correlation-request-id']);
    assert.match(String(answer.headers['api-supported-versions']), /2025-11-01/);
  });

  test('lists show the system’s scope maps before those of users', async () => {
    const { body } = await cloud.arm('GET', `${registry}/scopeMaps`);
    const names = (body as { value: { name: string }[] }).value.map(({ name }) => name);
    assert.deepEqual(names.slice(0, 2), ['_repositories_admin', '_repositories_pull']);
    assert.equal(names.at(-1), 'sync-map');
  });

  test('a filter chooses among connected registries', async () => {
    const listed = async (filter: string): Promise<string[]> => {
      const { body } = await cloud.arm(
        'GET',
        `${registry}/connectedRegistries?$filter=${encodeURIComponent(filter)}`,
      );
      return (body as { value: { name: string }[] }).value.map(({ name }) => name);
    };
    assert.deepEqual(await listed("mode eq 'ReadOnly'"), ['machine1']);
    assert.deepEqual(await listed("connectionState eq 'Offline'"), ['factory1', 'machine1']);
    const parent = idOf(cloud, `${registry}/connectedRegistries/factory1`);
    assert.deepEqual(await listed(`properties/parent/id eq '${parent}'`), ['machine1']);
  });

  test('a PATCH replaces lists, and a schedule without a window ends the window', async () => {
    const path = `${registry}/connectedRegistries/factory1`;
    const clientTokenIds = [idOf(cloud, `${registry}/tokens/client1`)];
    const windowed = { schedule: '30 * * * *', syncWindow: 'PT1H' };
    await cloud.arm('PATCH', path, { properties: { syncProperties: windowed, clientTokenIds } });
    const first = await cloud.arm('GET', path);
    assert.equal(first.at('properties.parent.syncProperties.syncWindow'), 'PT1H');
    const continuous = { syncProperties: { schedule: '* * * * *' }, clientTokenIds: [] };
    const second = await cloud.arm('PATCH', path, { properties: continuous });
    assert.equal(second.at('properties.parent.syncProperties.syncWindow'), undefined);
    assert.equal(second.at('properties.clientTokenIds'), undefined);
    assert.deepEqual(second.at('properties.garbageCollection'), { enabled: true, schedule: '0 0 * * *' });
  });

  test('a token that is deleted leaves the connected registries that named it', async () => {
    const path = `${registry}/connectedRegistries/factory1`;
    const id = idOf(cloud, `${registry}/tokens/passing`);
    const properties = { scopeMapId: idOf(cloud, `${registry}/scopeMaps/sync-map`) };
    await cloud.arm('PUT', `${registry}/tokens/passing`, { properties });
    await cloud.arm('PATCH', path, { properties: { clientTokenIds: [id] } });
    assert.equal((await cloud.arm('DELETE', `${registry}/tokens/passing`)).status, 202);
    assert.equal((await cloud.arm('GET', path)).at('properties.clientTokenIds'), undefined);
    assert.equal((await cloud.arm('DELETE', `${registry}/tokens/passing`)).status, 204);
  });

  test('only what is listed of a token’s passwords stays', async () => {
    const path = `${registry}/tokens/client1`;
    const tokenId = idOf(cloud, path);
    const made = await cloud.arm('POST', `${registry}/generateCredentials`, { tokenId });
    assert.match(made.text('passwords.0.value'), /^[A-Za-z0-9+/]{42}\+ACR[A-Za-z0-9+/]{6}$/);
    const { body } = await cloud.arm('GET', path);
    assert.ok(!JSON.stringify(body).includes(made.text('passwords.0.value')), 'a password is shown once');
    await cloud.arm('PATCH', path, { properties: { credentials: { passwords: [{ name: 'password2' }] } } });
    const after = await cloud.arm('GET', path);
    assert.equal(after.text('properties.credentials.passwords.0.name'), 'password2');
    assert.equal(after.at('properties.credentials.passwords.1'), undefined);
  });

  test('an operation is still known after a restart, and so are the resources', async () => {
    const properties = { scopeMapId: idOf(cloud, `${registry}/scopeMaps/sync-map`) };
    const answer = await cloud.arm('PUT', `${registry}/tokens/lasting`, { properties });
    assert.equal(answer.status, 201);
    const operation = new URL(String(answer.headers['azure-asyncoperation']));
    const loginServer = (await cloud.arm('GET', registry)).text('properties.loginServer');
    await cloud.restart();
    const polled = await cloud.arm('GET', operation.pathname);
    assert.deepEqual(polled.body, { status: 'Succeeded' });
    assert.equal((await cloud.arm('GET', `${registry}/tokens/lasting`)).status, 200);
    assert.equal((await cloud.arm('GET', registry)).text('properties.loginServer'), loginServer);
  });

  test('a resource group goes with everything in it', async () => {
    const other = 'resourceGroups/doomed-rg';
    const path = `${other}/providers/Microsoft.ContainerRegistry/registries/doomedone`;
    await cloud.arm('PUT', other, { location: 'westeurope' });
    await cloud.settle(await cloud.arm('PUT', path, create()));
    const deletion = await cloud.arm('DELETE', other);
    assert.equal(deletion.status, 202);
    assert.equal((await cloud.settle(deletion)).status, 200);
    assert.equal((await cloud.arm('GET', other)).status, 404);
    const folders = await readdir(`${cloud.folder}/data/registries`);
    assert.ok(!folders.some((name) => name.startsWith('doomedone')), folders.join());
    await cloud.arm('PUT', other, { location: 'westeurope' });
    assert.equal((await cloud.arm('GET', path)).at('error.code'), 'ResourceNotFound');
  });
});
