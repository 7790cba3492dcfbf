// Kysely's SQLite dialect speaks to better-sqlite3; this is the same conversation with Node's own node:sqlite.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { SqliteDatabase } from 'kysely';

/** Statements kept prepared. An application has a few dozen; what a list of parameters makes longer is not kept. */
const preparedMax = 256;

const nothingDone = { changes: 0, lastInsertRowid: 0 };

export function adaptSqlite(sqlite: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  return {
    close: () => sqlite.close(),
    prepare: (sql) => {
      const known = prepared.get(sql);
      if (known) return known;
      const statement = sqlite.prepare(sql);
      const values = (parameters: readonly unknown[]): SQLInputValue[] => parameters as SQLInputValue[];
      const adapted = {
        reader: statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => statement.all(...values(parameters)),
        run: (parameters: readonly unknown[]) =>
          // SQLite has rolled back by itself when the disk is full. Saying so now would hide that reason.
          sql === 'rollback' && !sqlite.isTransaction ? nothingDone : statement.run(...values(parameters)),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)),
      };
      if (prepared.size < preparedMax) prepared.set(sql, adapted);
      return adapted;
    },
  };
}
