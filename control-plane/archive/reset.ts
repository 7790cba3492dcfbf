// Removes all that a control plane keeps. Never more: a folder that holds anything else is left alone.
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { syncFolder } from '../../registry-node/blobs/durable.ts';
import { claimDataFolder, databaseOf, dataFolderEntries, DataFolderError } from '../data-folder.ts';

export interface ResetOptions {
  dataFolder: string;
  /** Goes when it is this control plane's. */
  credentialFile: string;
  /** What was got with it. */
  tokenFile: string;
}

/** @throws DataFolderError when it is in use, or no control plane's */
export async function resetControlPlane(options: ResetOptions): Promise<void> {
  const { dataFolder, credentialFile, tokenFile } = options;
  if (!existsSync(dataFolder)) return;
  const owner = readOwner(databaseOf(dataFolder));
  await emptyFolder(dataFolder);
  const kept = await readFile(credentialFile, 'utf8').catch(() => '');
  if (owner === undefined || !kept.includes(owner)) return;
  for (const file of [credentialFile, tokenFile]) await rm(file, { force: true });
}

/** The client id of the credential file. Of a database that cannot be read nobody knows it. */
function readOwner(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      const row = database.prepare("SELECT value FROM settings WHERE name = 'ownerClientId'").get();
      return row && String(row.value);
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

async function emptyFolder(dataFolder: string): Promise<void> {
  const known = new Set<string>(dataFolderEntries.flatMap((name) => [name, `${name}-journal`]));
  const others = (await readdir(dataFolder)).filter((name) => !known.has(name));
  if (others.length > 0) {
    throw new DataFolderError(
      `The folder ${dataFolder} holds what is not a control plane's: ${others.slice(0, 5).join(', ')}. ` +
        'Name its data folder with --data. Nothing was removed.',
    );
  }
  const unlock = await claimDataFolder(dataFolder);
  try {
    for (const name of dataFolderEntries)
      if (name !== 'lock') await rm(join(dataFolder, name), { recursive: true, force: true });
    await syncFolder(dataFolder);
  } finally {
    unlock();
  }
  await rm(join(dataFolder, 'lock'), { force: true });
  await rm(join(dataFolder, 'lock-journal'), { force: true });
}
