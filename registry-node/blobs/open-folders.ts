// The folders that blobs are moved into, kept open: a push syncs the one of its hash, and an open and a close around each sync
// are two more trips to a thread, each of which costs the event loop about as much as a row in the database.
import { fstatSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export interface OpenFolders {
  /** As `syncFolder`. To be asked only for folders that stay: as many are kept open as were ever asked for. */
  sync(path: string): Promise<void>;
  close(): Promise<void>;
}

export function createOpenFolders(): OpenFolders {
  const opened = new Map<string, Promise<FileHandle>>();
  /** Whoever still syncs it ends first: a handle closes when its last call has. */
  const forget = async (path: string, handle: Promise<FileHandle>): Promise<void> => {
    if (opened.get(path) === handle) opened.delete(path);
    await (await handle.catch(() => undefined))?.close();
  };
  const begin = (path: string): Promise<FileHandle> => {
    const opening = open(path, 'r');
    opened.set(path, opening);
    opening.catch(() => opened.get(path) === opening && opened.delete(path));
    return opening;
  };
  const use = (path: string): Promise<FileHandle> => opened.get(path) ?? begin(path);
  return {
    sync: async (path) => {
      let handle = use(path);
      if (!hasName(await handle, path)) {
        await forget(path, handle);
        handle = use(path);
      }
      const folder = await handle;
      try {
        await folder.sync();
      } catch (error) {
        // The next one begins with what is there then.
        await forget(path, handle).catch(() => undefined);
        throw error;
      }
    },
    close: async () => {
      await Promise.all([...opened].map(([path, handle]) => forget(path, handle)));
    },
  };
}

/**
 * Somebody may have removed the folder, or moved it away, and a new one has its name: a sync of the old one would succeed, and
 * say nothing of the new. Asked on this thread: what was moved into it just now has both in memory.
 */
function hasName(folder: FileHandle, path: string): boolean {
  if (folder.fd < 0) return false;
  const held = fstatSync(folder.fd, { bigint: true });
  const named = statSync(path, { bigint: true, throwIfNoEntry: false });
  return named?.ino === held.ino && named.dev === held.dev;
}
