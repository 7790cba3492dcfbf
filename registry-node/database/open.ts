// Opens a SQLite database behind Kysely, durable before anything in it is answered for: a commit is on the disk when it
// resolves (WAL with synchronous=FULL), or when its owner has flushed it (durable.ts). The schema is a list of migrations,
// each applied once and recorded by name.
import { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect, type Transaction } from 'kysely';
import { openWithReserve } from './reserve.ts';
import { adaptSqlite } from './sqlite.ts';

/** One step of a schema. Never edited once released: a later step changes what an earlier one made. */
export interface Migration {
  name: string;
  up: (transaction: Transaction<unknown>) => Promise<void>;
}

/** The database holds migrations that this version does not know. It was not changed. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';
}

interface Recorded {
  /** From 1, in the order of application. */
  schema_migrations: { position: number; name: string };
}

export interface SqliteOptions {
  /** The owner calls `flush` (durable.ts) after each commit that it answers for. */
  flushed?: boolean;
  /** Room is kept beside it, so that a full disk keeps nobody from opening it again (reserve.ts). */
  reserve?: boolean;
}

/** How long a statement waits for another process that writes, a backup for instance. */
const busyTimeoutMs = 5000;

/**
 * Opens `file`, making it when it is missing, and brings its schema up to date.
 * @throws NewerDatabaseError; an Error of node:sqlite when the file is none or cannot be opened
 */
export async function openSqlite<Schema>(
  file: string,
  migrations: readonly Migration[],
  { flushed = false, reserve = false }: SqliteOptions = {},
): Promise<Kysely<Schema>> {
  const openIt = () => openAndMigrate<Schema>(file, migrations, flushed);
  return reserve ? openWithReserve(file, openIt) : openIt();
}

async function openAndMigrate<Schema>(
  file: string,
  migrations: readonly Migration[],
  flushed: boolean,
): Promise<Kysely<Schema>> {
  const sqlite = new DatabaseSync(file, { timeout: busyTimeoutMs });
  const database = new Kysely<Schema>({ dialect: new SqliteDialect({ database: adaptSqlite(sqlite) }) });
  try {
    refuseNewer(file, appliedNames(sqlite), migrations);
    const synchronous = flushed ? 'NORMAL' : 'FULL';
    sqlite.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON`);
    await migrate(database as unknown as Kysely<Recorded>, migrations);
    return database;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** Read before anything is written, so that a newer database stays as it is. */
function appliedNames(sqlite: DatabaseSync): string[] {
  const table = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'").get();
  if (!table) return [];
  const rows = sqlite.prepare('SELECT name FROM schema_migrations ORDER BY position').all();
  return rows.map((row) => String(row.name));
}

function refuseNewer(file: string, applied: readonly string[], migrations: readonly Migration[]): void {
  const unknown = applied.find((name, index) => migrations[index]?.name !== name);
  if (unknown === undefined) return;
  throw new NewerDatabaseError(
    `The database ${file} was written by a newer version of acrc: it is of version ${applied.length}, with the change ` +
      `'${unknown}', and this version of acrc reads up to version ${migrations.length}. ` +
      'Start that version, or use another data folder. Nothing was changed.',
  );
}

async function migrate(database: Kysely<Recorded>, migrations: readonly Migration[]): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await transaction.schema
      .createTable('schema_migrations')
      .ifNotExists()
      .addColumn('position', 'integer', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .execute();
    const applied = await transaction.selectFrom('schema_migrations').select('position').execute();
    for (const [index, migration] of migrations.entries()) {
      if (index < applied.length) continue;
      await migration.up(transaction as unknown as Transaction<unknown>);
      await transaction
        .insertInto('schema_migrations')
        .values({ position: index + 1, name: migration.name })
        .execute();
    }
  });
}
