// Long-running operations as clients poll them: how they begin, how long they last, and what a restart keeps of them.
import { join } from 'node:path';
import { type Answer, type Cloud, startCloud } from '../../fixtures/cloud.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { create, idOf, registry } from '../../fixtures/provisioned-cloud.ts';
import { systemClock } from '../../registry-node/clock.ts';
import { openSqlite } from '../../registry-node/database/open.ts';
import { resourceGroupKind } from '../resources/resource-groups/schema.ts';
import { openOperations } from '../store/operations.ts';
import { openResources } from '../store/resources.ts';
import { migrations, type Tables } from '../store/tables.ts';
import { keyOf, subscriptionId } from './resource-id.ts';

const delayMs = 60_000;

describe('operations that last', ({ before, after, test }) => {
  let cloud: Cloud;
  let passedMs = 0;
  const clock = { ...systemClock, now: () => new Date(Date.now() + passedMs) };
  const poll = (answer: Answer): Promise<Answer> => {
    const url = new URL(String(answer.headers['azure-asyncoperation'] ?? answer.headers.location));
    return cloud.arm('GET', url.pathname + url.search);
  };
  before(async () => {
    cloud = await startCloud({ clock, operationDelayMs: delayMs });
    await cloud.arm('PUT', 'resourceGroups/acr-rg', { location: 'westeurope' });
    await cloud.arm('PUT', registry, create());
    passedMs += delayMs;
    await cloud.arm('PUT', `${registry}/scopeMaps/sync-map`, { properties: { actions: [] } });
  });
  after(() => cloud.close());

  test('are Creating until their time has passed, also after a restart', async () => {
    const properties = { scopeMapId: idOf(cloud, `${registry}/scopeMaps/sync-map`) };
    const answer = await cloud.arm('PUT', `${registry}/tokens/lasting`, { properties });
    assert.equal(answer.status, 201);
    const running = await poll(answer);
    assert.deepEqual([running.status, running.body], [200, { status: 'Creating' }]);
    assert.equal(running.headers['retry-after'], '1');
    await cloud.restart();
    assert.deepEqual((await poll(answer)).body, { status: 'Creating' });
    passedMs += delayMs;
    assert.deepEqual((await poll(answer)).body, { status: 'Succeeded' });
  });

  test('are 202 without a body while something is deleted, then 200', async () => {
    const answer = await cloud.arm('DELETE', `${registry}/tokens/lasting`);
    assert.deepEqual([answer.status, answer.body], [202, undefined]);
    const running = await poll(answer);
    assert.deepEqual([running.status, running.body], [202, undefined]);
    assert.equal(running.headers.location, answer.headers.location);
    passedMs += delayMs;
    const ended = await poll(answer);
    assert.deepEqual([ended.status, ended.body, ended.headers.location], [200, undefined, undefined]);
  });

  test('are 202 with a state while an image is imported', async () => {
    const source = { registryUri: '127.0.0.1:9', sourceImage: 'app:1' };
    const answer = await cloud.arm('POST', `${registry}/importImage`, { source });
    assert.equal(answer.status, 202);
    const running = await poll(answer);
    assert.deepEqual([running.status, running.body], [202, { status: 'Accepted' }]);
  });
});

describe('a deletion that a power cut interrupted', ({ before, after, test }) => {
  let cloud: Cloud;
  before(async () => {
    cloud = await startCloud();
    await cloud.arm('PUT', 'resourceGroups/doomed-rg', { location: 'westeurope' });
  });
  after(() => cloud.close());

  test('goes on at the next start', async () => {
    const group = keyOf(idOf(cloud, 'resourceGroups/doomed-rg'));
    await cloud.stop();
    const database = await openSqlite<Tables>(join(cloud.folder, 'data/database.sqlite'), migrations);
    await openResources(database).change(async (change) => {
      const found = (await change.get(resourceGroupKind, group))!;
      const properties = { provisioningState: 'Deleting' as const };
      await change.put({ ...found, properties }, keyOf(subscriptionId(cloud.credential.subscriptionId)));
    });
    await openOperations(database).put({
      id: 'resourcegroups-1',
      verb: 'Deleting',
      status: 'Running',
      work: { kind: 'delete-resource-group', group },
      startedAt: new Date().toISOString(),
    });
    await database.destroy();
    await cloud.start();
    assert.equal((await cloud.arm('GET', 'operationResults/resourcegroups-1')).status, 200);
    assert.equal((await cloud.arm('GET', 'resourceGroups/doomed-rg')).status, 404);
  });
});

describe('a resource group that is being deleted', ({ before, after, test }) => {
  let cloud: Cloud;
  const doomed = 'resourceGroups/doomed-rg';
  const inside = `${doomed}/providers/Microsoft.ContainerRegistry/registries`;
  before(async () => {
    cloud = await startCloud();
    await cloud.arm('PUT', doomed, { location: 'westeurope' });
  });
  after(() => cloud.close());

  test('takes nothing more, and is gone when its operation says so', async () => {
    // Its removal waits for this one, which is still opening.
    await cloud.arm('PUT', `${inside}/doomedone`, create());
    const deletion = await cloud.arm('DELETE', doomed);
    const [refused, shown] = await Promise.all([
      cloud.arm('PUT', `${inside}/doomedtwo`, create()),
      cloud.arm('GET', doomed),
    ]);
    assert.deepEqual([refused.status, refused.at('error.code')], [409, 'ResourceGroupBeingDeleted']);
    assert.equal(shown.at('properties.provisioningState'), 'Deleting');
    assert.match(String(deletion.headers.location), /\/operationResults\/resourcegroups-/);
    assert.equal((await cloud.settle(deletion)).status, 200);
    assert.equal((await cloud.arm('GET', doomed)).status, 404);
    assert.equal((await cloud.arm('HEAD', doomed)).status, 404);
  });
});
