// The control plane's data folder: what lies where, and that no second process uses it.
//
//   lock            held while a control plane runs
//   control.sock    where its owner asks it for gc and scrub (registry-node/control/listen.ts)
//   database.sqlite resources, operations, reports; its migrations say which version wrote it
//   certificates/   the development authority
//   keys/           what signs tokens and makes the admin users' passwords
//   registries/     a folder per registry, `<name>-<uid>`: its content and its token key
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../registry-node/blobs/durable.ts';
import { lockFile } from '../registry-node/data-folder/lock.ts';

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

/** Opens the folder, making it with mode 0700 when it is missing. @throws DataFolderError */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  try {
    await makeFolder(join(folder, 'keys'));
    await chmod(folder, 0o700);
  } catch (error) {
    throw fail(
      folder,
      `cannot be used: ${reasonOf(error)}`,
      'Choose another, or give this user access to it.',
      error,
    );
  }
  const unlock = lock(folder);
  return {
    database: join(folder, 'database.sqlite'),
    certificates: join(folder, 'certificates'),
    registries: join(folder, 'registries'),
    key: (name) => join(folder, 'keys', name),
    close: unlock,
  };
}

function lock(folder: string): () => void {
  try {
    return lockFile(join(folder, 'lock'));
  } catch (error) {
    throw fail(
      folder,
      `is in use: ${reasonOf(error)}`,
      "Stop that control plane first ('acrc control-plane stop'), or choose another folder.",
      error,
    );
  }
}

function fail(folder: string, what: string, advice: string, cause: unknown): DataFolderError {
  return new DataFolderError(`The data folder ${folder} ${what}. ${advice}`, { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
