// One process per data folder. The lock is a write transaction on a small SQLite file: the kernel lets go of it
// when the process dies, however it dies, so there is no stale lock to tell from a held one, and no process id to mistake for another's
// (in a container every process is number 1).
import { DatabaseSync } from 'node:sqlite';
import { isBusy, isFull } from '../database/result-codes.ts';

/** Another process holds the lock; the message names it. */
export class LockHeldError extends Error {
  override readonly name = 'LockHeldError';
}

/** @returns the call that lets go. @throws LockHeldError; an error of node:sqlite when the file cannot be used */
export function lockFile(path: string): () => void {
  const database = new DatabaseSync(path);
  try {
    database.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL)');
    writeHolder(database);
    database.exec('BEGIN IMMEDIATE');
  } catch (error) {
    const holder = holderOf(database);
    database.close();
    if (!isBusy(error)) throw error;
    throw new LockHeldError(
      holder === undefined ? 'another process holds it' : `process ${holder} holds it`,
      {
        cause: error,
      },
    );
  }
  return () => database.close();
}

/** A full disk has no room for the name and room enough for the lock: a registry starts on it, and makes room. */
function writeHolder(database: DatabaseSync): void {
  try {
    database.exec(`BEGIN IMMEDIATE; DELETE FROM holder; INSERT INTO holder VALUES (${process.pid}); COMMIT`);
  } catch (error) {
    if (!isFull(error)) throw error;
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}

function holderOf(database: DatabaseSync): number | undefined {
  try {
    const row = database.prepare('SELECT pid FROM holder').get();
    return typeof row?.pid === 'number' ? row.pid : undefined;
  } catch {
    return undefined;
  }
}
