// A node's data folder: whose it is, in which format, and that no second process uses it.
//
//   lock          held while a node runs
//   control.sock  where its owner asks it for gc and scrub (control/listen.ts)
//   node.json     format, connected registry, instance id
//   state/        documents of the directory, the children and the sync engine
//   notifications.sqlite  what waits to be told upwards (notifications/outbox.ts)
//   content/      the registry itself (content/open.ts)
//   tokens/       the key that signs bearer tokens (auth/token.ts)
import { randomUUID } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder, syncFolder } from '../blobs/durable.ts';
import { version } from '../version.ts';
import { openDocument } from './document.ts';
import { lockFile, LockHeldError } from './lock.ts';
import { stateFolderOf, statePathOf } from './schema.ts';

/** Raised with every change that an older version could not read. */
const format = 1;
const nodeSchema = z.object({
  format: z.int(),
  connectedRegistry: z.string(),
  /** Random, claims the name at the parent. */
  instanceId: z.uuid(),
  /** Of the acrc that used the folder last; absent in those from before it was written down. */
  version: z.string().optional(),
});

export interface DataFolder {
  instanceId: string;
  contentFolder: string;
  tokensFolder: string;
  notificationsFile: string;
  /** The path of a state document. */
  statePath(name: string): string;
  /** Lets go of the lock. */
  close(): void;
}

/** Says what is wrong with the folder and what to do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** Opens the folder, making it with mode 0700 when it is missing. @throws DataFolderError */
export async function openDataFolder(folder: string, connectedRegistry: string): Promise<DataFolder> {
  try {
    await makeFolder(stateFolderOf(folder));
    await chmod(folder, 0o700);
  } catch (error) {
    throw cannotBeUsed(folder, error);
  }
  const unlock = lock(folder);
  try {
    const fresh = { format, connectedRegistry, instanceId: randomUUID(), version };
    const node = await openDocument(join(folder, 'node.json'), nodeSchema, fresh);
    refuseForeign(folder, node.value, connectedRegistry);
    if (node.value === fresh) await node.save(fresh);
    // Whoever made it may have been killed before this. A full disk keeps no node from starting, and from serving.
    else if (node.value.version === version) await syncFolder(folder);
    else await node.save({ ...node.value, version }).catch(() => undefined);
    return {
      instanceId: node.value.instanceId,
      contentFolder: join(folder, 'content'),
      tokensFolder: join(folder, 'tokens'),
      notificationsFile: join(folder, 'notifications.sqlite'),
      statePath: (name) => statePathOf(folder, name),
      close: unlock,
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

function lock(folder: string): () => void {
  try {
    return lockFile(join(folder, 'lock'));
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw cannotBeUsed(folder, error);
    throw new DataFolderError(
      `The data folder ${folder} is in use: ${error.message}. ` +
        `Stop that node first ('acrc node stop'), or choose another folder with --data.`,
      { cause: error },
    );
  }
}

function cannotBeUsed(folder: string, error: unknown): DataFolderError {
  const reason = error instanceof Error ? error.message : String(error);
  return new DataFolderError(
    `The data folder ${folder} cannot be used: ${reason}. ` +
      'Choose another with --data, or give this user access to it, and room.',
    { cause: error },
  );
}

function refuseForeign(folder: string, node: z.infer<typeof nodeSchema>, connectedRegistry: string): void {
  if (node.format > format) {
    throw new DataFolderError(
      `The data folder ${folder} was written by a newer version of acrc: ${node.version ?? 'its version is not written down'}, ` +
        `format ${node.format}. This is acrc ${version}, which reads formats up to ${format}. ` +
        'Start that version, or choose an empty folder with --data. Nothing was changed.',
    );
  }
  if (node.connectedRegistry !== connectedRegistry) {
    throw new DataFolderError(
      `The data folder ${folder} belongs to the connected registry '${node.connectedRegistry}', and the connection ` +
        `string names '${connectedRegistry}'. Choose another folder with --data, or the other connection string.`,
    );
  }
}
