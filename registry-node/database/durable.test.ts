// Group commit on a disk that fails: a sync that follows a failed one must not vouch for what the failed one lost.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { assert, describe } from '../../fixtures/describe.ts';
import { withDiskFault } from '../../fixtures/disk-faults.ts';
import { openDurability } from './durable.ts';
import { openSqlite } from './open.ts';

describe('a database whose commits are flushed', ({ test }) => {
  test('is written out whole after a sync has failed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'acrc-durable-'));
    const file = join(folder, 'test.db');
    const database = await openSqlite<object>(file, [], { flushed: true });
    const durability = await openDurability(file);
    const logBytes = async (): Promise<number> => (await stat(`${file}-wal`)).size;
    try {
      await sql`CREATE TABLE notes (text TEXT)`.execute(database);
      await assert.rejects(
        withDiskFault('a sync of a file that fails', () => durability.flush()),
        /EIO/,
      );
      assert.ok((await logBytes()) > 0);
      await durability.flush();
      assert.equal(await logBytes(), 0);
      await sql`INSERT INTO notes VALUES ('after')`.execute(database);
      await durability.flush();
      assert.ok((await logBytes()) > 0);
    } finally {
      await durability.close();
      await database.destroy();
      await rm(folder, { recursive: true });
    }
  });
});
