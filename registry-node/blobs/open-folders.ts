// The folders that blobs are moved into, kept open: a push syncs the one of its hash, and an open and a close around each sync
// are two more trips to a thread, each of which costs the event loop about as much as a row in the database.
import { type FileHandle, open } from 'node:fs/promises';

export interface OpenFolders {
  /** As `syncFolder`. To be asked only for folders that stay: as many are kept open as were ever asked for. */
  sync(path: string): Promise<void>;
  close(): Promise<void>;
}

export function createOpenFolders(): OpenFolders {
  const opened = new Map<string, Promise<FileHandle>>();
  const use = (path: string): Promise<FileHandle> => {
    const known = opened.get(path);
    if (known) return known;
    const opening = open(path, 'r');
    opened.set(path, opening);
    return opening;
  };
  /** Whoever still syncs it ends first: a handle closes when its last call has. */
  const forget = async (path: string, handle: Promise<FileHandle>): Promise<void> => {
    if (opened.get(path) === handle) opened.delete(path);
    await (await handle.catch(() => undefined))?.close();
  };
  return {
    sync: async (path) => {
      const handle = use(path);
      try {
        await (await handle).sync();
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
