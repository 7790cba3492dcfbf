// The control plane's data folder: what lies where, and that no second process uses it.
//
//   lock            held while a control plane runs
//   control.sock    where its owner asks it for gc and scrub (registry-node/control/listen.ts)
//   arm.sock        where the command line of its owner asks ARM (local-door.ts)
//   database.sqlite resources, operations, reports; its migrations say which version wrote it
//   certificates/   the development authority
//   keys/           what signs tokens and makes the admin users' passwords
//   registries/     a folder per registry, `<name>-<uid>`: its content and its token key
//   export/, import/  what an export is made from, what an import has unpacked; gone when they end (archive/)
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../registry-node/blobs/durable.ts';
import { lockFile, LockHeldError } from '../registry-node/data-folder/lock.ts';

export interface DataFolder {
  readonly database: string;
  readonly certificates: string;
  readonly registries: string;
  /** The file of a key. */
  key(name: string): string;
  /** Lets go of the lock. */
  close(): void;
}

/** Says what is wrong with the folder and what to do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** Where an import unpacks; as long as it is there, the import has not ended. */
export const importFolder = 'import';
/** All that is ever in it, in the order in which a reset removes it: without its database it is none any more. */
export const dataFolderEntries = [
  'database.sqlite',
  'database.sqlite-wal',
  'database.sqlite-shm',
  'database.sqlite-reserve',
  'control.sock',
  'arm.sock',
  'certificates',
  'keys',
  'registries',
  'export',
  importFolder,
  'export.lock',
  'lock',
] as const;

/** Opens the folder, making it with mode 0700 when it is missing. @throws DataFolderError */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  const unlock = await claimDataFolder(folder);
  try {
    const entries = await readdir(folder);
    if (entries.includes(importFolder)) throw interrupted(folder);
    await makeFolder(join(folder, 'keys'));
  } catch (error) {
    unlock();
    throw error;
  }
  return {
    database: databaseOf(folder),
    certificates: join(folder, 'certificates'),
    registries: registriesOf(folder),
    key: (name) => join(folder, 'keys', name),
    close: unlock,
  };
}

export function databaseOf(folder: string): string {
  return join(folder, 'database.sqlite');
}

export function registriesOf(folder: string): string {
  return join(folder, 'registries');
}

/** Makes the folder when it is missing, and its caller the only one who uses it. @throws DataFolderError */
export async function claimDataFolder(folder: string): Promise<() => void> {
  try {
    await makeFolder(folder);
    await chmod(folder, 0o700);
  } catch (error) {
    throw cannotBeUsed(folder, error);
  }
  return lock(folder);
}

function lock(folder: string): () => void {
  try {
    return lockFile(join(folder, 'lock'));
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw cannotBeUsed(folder, error);
    throw fail(
      folder,
      `is in use: ${reasonOf(error)}`,
      "Stop that control plane first ('acrc control-plane stop'), or choose another folder.",
      error,
    );
  }
}

function cannotBeUsed(folder: string, error: unknown): DataFolderError {
  const advice = 'Choose another, or give this user access to it, and room.';
  return fail(folder, `cannot be used: ${reasonOf(error)}`, advice, error);
}

function interrupted(folder: string): DataFolderError {
  return fail(
    folder,
    'holds an import that did not end',
    "Repeat 'acrc control-plane import', or 'acrc control-plane reset'.",
  );
}

function fail(folder: string, what: string, advice: string, cause?: unknown): DataFolderError {
  return new DataFolderError(`The data folder ${folder} ${what}. ${advice}`, { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
