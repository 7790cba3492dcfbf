// Opening a database: made once, brought up to date, and left alone when it is newer than this version.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { assert, describe } from '../../fixtures/describe.ts';
import { type Migration, NewerDatabaseError, openSqlite } from './open.ts';
import { openSqliteReader } from './reader.ts';

interface Tables {
  notes: { id: number; text: string };
}

const statement = (name: string, text: string): Migration => ({
  name,
  up: async (transaction) => void (await sql.raw(text).execute(transaction)),
});
const notes = statement('notes', 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)');
const index = statement('notes by text', 'CREATE INDEX notes_by_text ON notes (text)');

describe('openSqlite', ({ test, beforeEach, afterEach }) => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acrc-database-'));
    file = join(folder, 'test.db');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('applies each migration once, in order, over several versions', async () => {
    const first = await openSqlite<Tables>(file, [notes]);
    await first.insertInto('notes').values({ id: 1, text: 'kept' }).execute();
    await first.destroy();
    for (let start = 0; start < 2; start++) {
      const second = await openSqlite<Tables>(file, [notes, index]);
      assert.deepEqual(await texts(second), ['kept']);
      await second.destroy();
    }
  });

  test('refuses a database of a newer version and does not touch it', async () => {
    await (await openSqlite(file, [notes, index])).destroy();
    const before = await readFile(file);
    await assert.rejects(openSqlite(file, [notes]), (error: unknown) => {
      assert.ok(error instanceof NewerDatabaseError);
      assert.match(
        error.message,
        /newer version.*version 2, .*'notes by text'.*up to version 1\. Start that version/,
      );
      return true;
    });
    assert.ok((await readFile(file)).equals(before));
  });

  test('leaves nothing of a migration that fails', async () => {
    await assert.rejects(openSqlite(file, [notes, statement('broken', 'CREATE NONSENSE')]), /NONSENSE/);
    const database = await openSqlite<Tables>(file, [notes, index]);
    assert.deepEqual(await texts(database), []);
    await database.destroy();
  });

  test('runs transactions one after the other', async () => {
    const database = await openSqlite<Tables>(file, [notes]);
    await database.insertInto('notes').values({ id: 1, text: '0' }).execute();
    const increment = (): Promise<void> =>
      database.transaction().execute(async (transaction) => {
        const { text } = await transaction.selectFrom('notes').select('text').executeTakeFirstOrThrow();
        await transaction
          .updateTable('notes')
          .set({ text: String(Number(text) + 1) })
          .execute();
      });
    await Promise.all(Array.from({ length: 50 }, increment));
    assert.deepEqual(await texts(database), ['50']);
    await database.destroy();
  });

  test('shows a reader nothing that is not committed', async () => {
    const database = await openSqlite<Tables>(file, [notes]);
    const reader = openSqliteReader(file);
    const count = reader.one('SELECT count(*) AS rows FROM notes', (row) => Number(row.rows));
    await database.transaction().execute(async (transaction) => {
      await transaction.insertInto('notes').values({ id: 1, text: 'new' }).execute();
      assert.equal(count(), 0);
    });
    assert.equal(count(), 1);
    reader.close();
    await database.destroy();
  });
});

async function texts(database: Kysely<Tables>): Promise<string[]> {
  const rows = await database.selectFrom('notes').select('text').execute();
  return rows.map((row) => row.text);
}
