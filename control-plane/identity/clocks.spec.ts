// Sign-in while the machine's clock is wrong: one that has yet to be set after a start, and one that is set right again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '../../fixtures/cloud.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { jumpingClock } from '../../fixtures/jumping-clock.ts';
import { openSqlite } from '../../registry-node/database/open.ts';
import { migrations, type Tables } from '../store/tables.ts';
import { openServicePrincipals } from './service-principals.ts';

const yearMs = 365 * 24 * 3_600_000;

describe(
  'a clock that is wrong',
  ({ test }) => {
    test('at a start leaves the owner signed in, with the secret that others hold, too', async () => {
      const clock = jumpingClock();
      const cloud = await startCloud({ clock });
      try {
        const { clientSecret } = cloud.credential;
        clock.set(new Date(clock.now().getTime() - yearMs));
        await cloud.restart();
        assert.equal(cloud.credential.clientSecret, clientSecret);
        assert.equal((await cloud.arm('GET', 'resourceGroups')).status, 200);
      } finally {
        await cloud.close();
      }
    });

    test('signs nobody out beyond the moment in which it is wrong', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'acrc-clocks-'));
      const database = await openSqlite<Tables>(join(folder, 'database.sqlite'), migrations);
      const clock = jumpingClock();
      const principals = openServicePrincipals(database, clock);
      const { clientId } = await principals.create({ displayName: 'robot' });
      await principals.enable(clientId);
      const { keyId } = await principals.addPassword(clientId, {});
      const right = clock.now();
      clock.set(new Date(right.getTime() - yearMs));
      assert.equal(await principals.signedIn(clientId, keyId), undefined, 'its password has yet to begin');
      clock.set(right);
      assert.equal((await principals.signedIn(clientId, keyId))?.displayName, 'robot');
      await database.destroy();
      await rm(folder, { recursive: true });
    });
  },
  { timeoutMs: 30_000 },
);
