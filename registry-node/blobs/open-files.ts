// Files that were sent a moment ago are asked for again: a site's machines pull the same layers. Kept open, a blob costs its
// reads and not an open, a stat and a close around them, each of which is a trip to a thread and back.
import { type FileHandle, open } from 'node:fs/promises';
import { BoundedMap } from '../bounded-map.ts';

export interface OpenedFile {
  file: FileHandle;
  /** In bytes. */
  size: number;
}

export interface OpenFiles {
  /** Lends the file to `work`. @throws what opening throws; what `work` throws */
  use<T>(path: string, work: (opened: OpenedFile) => Promise<T>): Promise<T>;
  /** The file was removed or replaced: whoever reads it may finish, and its space is free after that. */
  forget(path: string): void;
  /** Closes what nobody uses now, and waits for what is being closed; the rest is closed as it is let go of. */
  close(): Promise<void>;
}

interface Entry {
  opened: Promise<OpenedFile>;
  users: number;
  kept: boolean;
}

const filesMax = 128;

export function createOpenFiles(): OpenFiles {
  const entries = new BoundedMap<Entry>({ weightMax: filesMax, onEvict: (entry) => drop(entry) });
  const closing = new Set<Promise<void>>();

  /** Nothing hangs on the close of a file that was only read. */
  const closeUnused = ({ opened, users }: Entry): void => {
    if (users > 0) return;
    const closed = opened
      .then(({ file }) => file.close())
      .catch(() => undefined)
      .finally(() => closing.delete(closed));
    closing.add(closed);
  };
  const drop = (entry: Entry): void => {
    entry.kept = false;
    closeUnused(entry);
  };

  const entryOf = (path: string): Entry => {
    const known = entries.get(path);
    if (known) return known;
    const entry: Entry = { opened: openWithSize(path), users: 0, kept: true };
    entries.set(path, entry);
    entry.opened.catch(() => entries.get(path) === entry && entries.take(path));
    return entry;
  };
  return {
    use: async (path, work) => {
      const entry = entryOf(path);
      entry.users += 1;
      try {
        return await work(await entry.opened);
      } finally {
        entry.users -= 1;
        if (!entry.kept) closeUnused(entry);
      }
    },
    forget: (path) => {
      const entry = entries.take(path);
      if (entry) drop(entry);
    },
    close: async () => {
      for (const path of entries.keys()) drop(entries.take(path)!);
      await Promise.all(closing);
    },
  };
}

async function openWithSize(path: string): Promise<OpenedFile> {
  const file = await open(path, 'r');
  try {
    return { file, size: (await file.stat()).size };
  } catch (error) {
    await file.close();
    throw error;
  }
}
