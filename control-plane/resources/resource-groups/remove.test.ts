// Deleting a resource group while others delete it, too, and make it anew.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { assert, describe } from '../../../fixtures/describe.ts';
import { openSqlite } from '../../../registry-node/database/open.ts';
import { keyOf, type ResourceKey, resourceTypes } from '../../arm/resource-id.ts';
import { createdBy } from '../../arm/system-data.ts';
import { openResources, type Resources } from '../../store/resources.ts';
import { migrations, type Tables } from '../../store/tables.ts';
import { removeGroup } from './remove.ts';
import { resourceGroupKind, type ResourceGroupProperties } from './schema.ts';

const group = keyOf('/subscriptions/one/resourcegroups/app');
const registry = keyOf(`${group}/providers/microsoft.containerregistry/registries/images`);
const caller = { clientId: 'tester', objectId: 'tester', tenantId: 'here' };
const systemData = createdBy(caller, new Date('2026-01-01T00:00:00Z'));

describe('the removal of a resource group', ({ beforeEach, afterEach, test }) => {
  let folder: string;
  let database: Kysely<Tables>;
  let resources: Resources;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-groups-'));
    database = await openSqlite<Tables>(join(folder, 'database.sqlite'), migrations);
    resources = openResources(database);
  });
  afterEach(async () => {
    await database.destroy();
    await rm(folder, { recursive: true });
  });

  const make = (properties: ResourceGroupProperties): Promise<void> =>
    resources.change(async (change) => {
      const [name, type] = ['app', resourceGroupKind.type];
      await change.put({ id: group, type, name, systemData, properties }, keyOf('/subscriptions/one'));
      const inside = { id: registry, type: resourceTypes.registry, name: 'images', systemData };
      await change.put({ ...inside, properties: {} }, group);
    });
  /** Takes rows away at once, and content when `emptied` resolves. */
  const registries = (emptied: Promise<void>) => ({
    remove: async (key: ResourceKey): Promise<boolean> => {
      const gone = await resources.change((change) => change.remove(key));
      if (gone.length === 0) return false;
      await emptied;
      return true;
    },
  });

  test('leaves alone what was made under its name when another removal had ended', async () => {
    await make({ provisioningState: 'Deleting' });
    const emptied = Promise.withResolvers<void>();
    const both = [1, 2].map(() => removeGroup({ resources, registries: registries(emptied.promise) }, group));
    await Promise.race(both);
    await make({});
    emptied.resolve();
    await Promise.all(both);
    assert.ok(await resources.get(resourceGroupKind, group), 'the group that was made anew is there');
    assert.ok(await resources.get({ type: resourceTypes.registry }, registry), 'and what is in it');
  });

  test('that a restart takes up again leaves alone what was made meanwhile', async () => {
    await make({});
    await removeGroup({ resources, registries: registries(Promise.resolve()) }, group);
    assert.ok(await resources.get({ type: resourceTypes.registry }, registry));
  });
});
