// Registries whose making did not end as it should: a power cut came between, or their login server could not open.
import { DatabaseSync } from 'node:sqlite';
import { type Cloud, startCloud } from '../../../fixtures/cloud.ts';
import { assert, describe } from '../../../fixtures/describe.ts';
import { create, provision, registries, registry } from '../../../fixtures/provisioned-cloud.ts';
import { waitFor } from '../../../fixtures/wait-for.ts';
import { registryKind } from './schema.ts';

const stateOf = async (cloud: Cloud): Promise<string> =>
  (await cloud.arm('GET', registry)).text('properties.provisioningState');

/** What the database says after a restart, where nothing is known of any operation. */
async function restartIn(cloud: Cloud, state: 'Creating' | 'Failed'): Promise<void> {
  await cloud.stop();
  const database = new DatabaseSync(`${cloud.folder}/data/database.sqlite`);
  database
    .prepare(
      "UPDATE resources SET document = json_set(document, '$.properties.provisioningState', ?) WHERE type = ?",
    )
    .run(state, registryKind.type);
  database.exec('DELETE FROM operations');
  database.close();
  await cloud.start();
}

describe('a registry whose making did not end', ({ beforeEach, afterEach, test }) => {
  let cloud: Cloud;
  beforeEach(async () => {
    cloud = await startCloud();
    await provision(cloud);
  });
  afterEach(() => cloud.close());

  test('is made at the next start when a power cut came before its operation was kept', async () => {
    await restartIn(cloud, 'Creating');
    await waitFor('the registry', async () => (await stateOf(cloud)) === 'Succeeded', { timeoutMs: 15_000 });
    const host = (await cloud.arm('GET', registry)).text('properties.loginServer');
    assert.equal((await cloud.call(`https://${host}/v2/`)).status, 401);
  });

  test('is made by the next PUT when its operation could not be kept, as on a full disk', async () => {
    const path = `${registries}/unlucky`;
    const database = new DatabaseSync(`${cloud.folder}/data/database.sqlite`);
    database.exec('ALTER TABLE operations RENAME TO away');
    assert.equal((await cloud.arm('PUT', path, create())).status, 500);
    database.exec('ALTER TABLE away RENAME TO operations');
    database.close();
    const again = await cloud.arm('PUT', path, create());
    assert.equal(again.status, 201);
    await cloud.settle(again);
    const shown = await cloud.arm('GET', path);
    assert.equal(shown.at('properties.provisioningState'), 'Succeeded');
    const host = shown.text('properties.loginServer');
    assert.equal((await cloud.call(`https://${host}/v2/`)).status, 401);
  });

  test('stays as it is under a PATCH when it failed, and is begun anew by a PUT', async () => {
    await restartIn(cloud, 'Failed');
    const patched = await cloud.arm('PATCH', registry, { tags: { site: 'one' } });
    assert.deepEqual([patched.status, patched.at('properties.provisioningState')], [200, 'Failed']);
    await cloud.settle(
      await cloud.arm('PUT', registry, create({ properties: { dataEndpointEnabled: true } })),
    );
    assert.equal(await stateOf(cloud), 'Succeeded');
    const host = (await cloud.arm('GET', registry)).text('properties.loginServer');
    assert.equal((await cloud.call(`https://${host}/v2/`)).status, 401);
  });
});
