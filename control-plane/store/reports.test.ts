// What nodes tell of themselves: shown at once, written together, and there after a restart; and what must be written at once.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { pino } from 'pino';
import { assert, describe } from '../../fixtures/describe.ts';
import { type JumpingClock, jumpingClock } from '../../fixtures/jumping-clock.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { openSqlite } from '../../registry-node/database/open.ts';
import type { NodeStatus } from '../../registry-node/gateway/protocol.ts';
import { nodeStatusOf } from '../../fixtures/node-status.ts';
import { keyOf, type ResourceKey } from '../arm/resource-id.ts';
import { createdBy } from '../arm/system-data.ts';
import { connectedRegistryKind } from '../resources/connected-registries/schema.ts';
import { openReports, type Reports } from './reports.ts';
import { openResources } from './resources.ts';
import { migrations, type Tables } from './tables.ts';

const registry = keyOf('/registries/one');
const [site, other] = [keyOf(`${registry}/site`), keyOf(`${registry}/other`)];
const heardAt = new Date('2026-01-01T00:00:00Z');
const systemData = createdBy({ clientId: 'tester', objectId: 'tester', tenantId: 'here' }, heardAt);
const statusOf = (storedBytes: number): NodeStatus => nodeStatusOf(heardAt, { storedBytes });

describe('reports of connected registries', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let database: Kysely<Tables>;
  let clock: JumpingClock;
  let reports: Reports;
  const open = async (): Promise<void> => {
    database = await openSqlite<Tables>(join(folder, 'database.sqlite'), migrations);
    clock = jumpingClock();
    reports = await openReports({ database, clock, logger: pino({ level: 'silent' }) });
  };
  const reopen = async (): Promise<void> => {
    await reports.close();
    await database.destroy();
    await open();
  };
  const written = async (): Promise<string[]> => {
    const rows = await database.selectFrom('reports').where('status', 'is not', null).select('key').execute();
    return rows.map(({ key }) => key).sort();
  };
  const make = (key: ResourceKey): Promise<void> =>
    openResources(database).change((change) =>
      change.put(
        { id: key, type: connectedRegistryKind.type, name: key, systemData, properties: {} },
        registry,
      ),
    );
  const remove = (key: ResourceKey): Promise<ResourceKey[]> =>
    openResources(database).change((change) => change.remove(key));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-reports-'));
    await open();
    for (const key of [site, other]) await make(key);
  });
  afterEach(async () => {
    await reports.close();
    await database.destroy();
    await rm(folder, { recursive: true });
  });

  test('are shown at once, and written together a second later', async () => {
    for (const bytes of [1, 2]) reports.hear(new Map([[site, { status: statusOf(bytes), heardAt }]]));
    reports.hear(new Map([[other, { status: statusOf(3), heardAt }]]));
    assert.equal((await reports.get(site))?.status?.storedBytes, 2);
    assert.equal((await reports.list(registry)).size, 2);
    assert.deepEqual(await written(), []);
    clock.jump(1000);
    await waitFor('both rows', async () => (await written()).length === 2);
  });

  test('are there after a restart, with who holds the name', async () => {
    assert.ok(await reports.claim(site, 'instance-a'));
    reports.hear(new Map([[site, { status: statusOf(7), heardAt }]]));
    await reports.update(new Map([[site, { pendingFullSync: 'ManualResync' }]]));
    await reopen();
    assert.deepEqual(await reports.get(site), {
      instance: 'instance-a',
      status: statusOf(7),
      heardAt,
      pendingFullSync: 'ManualResync',
      fullSync: undefined,
    });
    assert.equal(await reports.claim(site, 'instance-b'), false);
  });

  test('of what was removed do not come back with what is written later', async () => {
    reports.hear(new Map([[site, { status: statusOf(1), heardAt }]]));
    await remove(site);
    reports.forget([site]);
    await reopen();
    assert.equal(await reports.get(site), undefined);
    assert.deepEqual(await written(), []);
  });

  test('of what is removed while they are written do not come back either', async () => {
    for (const first of ['remove', 'close'] as const) {
      reports.hear(new Map([[site, { status: statusOf(1), heardAt }]]));
      const work = {
        remove: async () => reports.forget(await remove(site)),
        close: () => reports.close(),
      };
      const second = first === 'remove' ? 'close' : 'remove';
      await Promise.all([work[first](), work[second]()]);
      await reopen();
      assert.equal(await reports.get(site), undefined);
      await make(site);
    }
  });

  test('end with their connected registry, when a crash comes before anybody is told of it', async () => {
    assert.ok(await reports.claim(site, 'instance-a'));
    await remove(site);
    await reopen();
    await make(site);
    assert.equal(await reports.get(site), undefined);
    assert.ok(await reports.claim(site, 'instance-b'), 'another node takes the name that was made again');
  });

  test('of nodes that speak while their connected registry is deleted are kept nowhere', async () => {
    await remove(site);
    assert.equal(await reports.claim(site, 'instance-a'), false);
    await reports.update(new Map([[site, { pendingFullSync: 'ManualResync' }]]));
    assert.equal(await reports.get(site), undefined);
    reports.hear(new Map([site, other].map((key) => [key, { status: statusOf(1), heardAt }])));
    await reports.close();
    assert.deepEqual([...(await reports.list(registry)).keys()], [other]);
    assert.deepEqual(await written(), [other]);
  });

  test('that could not be written are written with the next ones', async () => {
    await database.schema.alterTable('reports').renameTo('away').execute();
    reports.hear(new Map([[site, { status: statusOf(1), heardAt }]]));
    clock.jump(1000);
    await reports.close();
    await database.schema.alterTable('away').renameTo('reports').execute();
    reports.hear(new Map([[other, { status: statusOf(2), heardAt }]]));
    await reports.close();
    assert.deepEqual(await written(), [other, site].sort());
  });
});
