// One process per data folder. The lock is a write transaction on a small SQLite file: the kernel lets go of it
// when the process dies, however it dies, so there is no stale lock to tell from a held one, and no process id to mistake for another's
// (in a container every process is number 1).
import { DatabaseSync } from 'node:sqlite';

/** @returns the call that lets go. @throws Error naming the process that holds it */
export function lockFile(path: string): () => void {
  const database = new DatabaseSync(path);
  try {
    database.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL)');
    database.exec(
      `BEGIN IMMEDIATE; DELETE FROM holder; INSERT INTO holder VALUES (${process.pid}); COMMIT; BEGIN IMMEDIATE`,
    );
  } catch (error) {
    const holder = holderOf(database);
    database.close();
    throw new Error(holder === undefined ? `cannot lock ${path}` : `process ${holder} holds it`, {
      cause: error,
    });
  }
  return () => database.close();
}

function holderOf(database: DatabaseSync): number | undefined {
  try {
    const row = database.prepare('SELECT pid FROM holder').get();
    return typeof row?.pid === 'number' ? row.pid : undefined;
  } catch {
    return undefined;
  }
}
