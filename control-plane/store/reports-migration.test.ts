// What an earlier version kept of nodes: it is there after the upgrade, but for that of connected registries that are gone.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { assert, describe } from '../../fixtures/describe.ts';
import { openSqlite } from '../../registry-node/database/open.ts';
import { reportsOfConnectedRegistries } from './reports-migration.ts';
import { migrations, type Tables } from './tables.ts';

describe('reports of an earlier version', ({ before, after, test }) => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-migration-'));
  });
  after(() => rm(folder, { recursive: true }));

  test('stay with connected registries that exist, and go with those that do not', async () => {
    const file = join(folder, 'database.sqlite');
    const position = migrations.indexOf(reportsOfConnectedRegistries);
    const earlier = await openSqlite<Tables>(file, migrations.slice(0, position));
    const site = { parent: 'one', type: 'connectedRegistries', name: 'site', document: '{}' };
    await earlier
      .insertInto('resources')
      .values({ key: 'one/site', ...site })
      .execute();
    for (const key of ['one/site', 'one/gone'])
      await sql`INSERT INTO reports (key, instance, heard_at) VALUES (${key}, 'a', '2026-01-01')`.execute(
        earlier,
      );
    await earlier.destroy();

    const database = await openSqlite<Tables>(file, migrations);
    const kept = await database.selectFrom('reports').selectAll().execute();
    await database.destroy();
    const row = { key: 'one/site', instance: 'a', status: null, heard_at: '2026-01-01' };
    assert.deepEqual(structuredClone(kept), [{ ...row, pending_full_sync: null, full_sync: null }]);
  });
});
