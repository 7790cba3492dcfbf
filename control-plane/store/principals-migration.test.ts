// A folder of the first version: its owner goes on signing in, as the owner.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { makeVerifier } from '../../registry-node/auth/password.ts';
import { systemClock } from '../../registry-node/clock.ts';
import { openSqlite } from '../../registry-node/database/open.ts';
import { openServicePrincipals } from '../identity/service-principals.ts';
import { openSettings } from './settings.ts';
import { migrations, type Tables } from './tables.ts';

interface FirstTables {
  service_principals: { client_id: string; display_name: string; verifier: string; created_at: string };
}

describe('service principals of the first version', ({ before, after, test }) => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-migration-'));
  });
  after(() => rm(folder, { recursive: true }));

  test('keep their ids, their passwords, and who is the owner', async () => {
    const file = join(folder, 'database.sqlite');
    const first = await openSqlite<FirstTables>(file, migrations.slice(0, 1));
    const row = (name: string) => ({
      client_id: `id-of-${name}`,
      display_name: name,
      verifier: makeVerifier(`secret of ${name}`),
      created_at: '2026-01-01T00:00:00.000Z',
    });
    await first
      .insertInto('service_principals')
      .values([row('owner'), row('other')])
      .execute();
    await first.destroy();

    const database = await openSqlite<Tables>(file, migrations);
    const settings = await openSettings(database, () => 'random');
    assert.equal(settings.ownerClientId, 'id-of-owner');
    const principals = openServicePrincipals(database, systemClock);
    for (const name of ['owner', 'other']) {
      const credential = await principals.verify(`id-of-${name}`, `secret of ${name}`);
      assert.ok(credential);
      assert.equal((await principals.signedIn(`id-of-${name}`, credential))?.displayName, name);
      assert.equal(await principals.verify(`id-of-${name}`, 'another'), undefined);
    }
    const [one, two] = await principals.all();
    assert.equal(new Set([one!.objectId, two!.objectId, one!.applicationObjectId, one!.clientId]).size, 4);
    await database.destroy();
  });
});
