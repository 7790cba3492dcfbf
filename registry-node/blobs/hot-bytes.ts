// Small blobs that are asked for again (the config of an image, a thin layer) are sent from memory: for a mebibyte, the trip
// to a thread that reads it costs as much as the copy. What is asked for once stays on disk. Bounded twice: what is kept, and
// what slow readers still hold of what is not kept any more.
import { BoundedMap } from '../bounded-map.ts';
import type { OpenedFile } from './open-files.ts';
import { readFully } from './read-fully.ts';

export interface HotBytes {
  /** Lends the bytes of the open `file` to `work`, or undefined when they are not in memory and shall not be. */
  use<T>(path: string, opened: OpenedFile, work: (bytes: Buffer | undefined) => Promise<T>): Promise<T>;
  /** The file was removed or replaced. */
  forget(path: string): void;
}

interface Entry extends OpenedFile {
  /** Undefined: asked for once. */
  bytes: Promise<Buffer | undefined> | undefined;
  users: number;
  kept: boolean;
}

const blobBytesMax = 1024 * 1024;
const keptBytesMax = 16 * 1024 * 1024;
const heldBytesMax = 32 * 1024 * 1024;
/** What an entry costs beside its bytes. */
const entryBytes = 1024;

export function createHotBytes(): HotBytes {
  let heldBytes = 0;
  const entries = new BoundedMap<Entry>({
    weightMax: keptBytesMax,
    weigh: ({ bytes, size }) => entryBytes + (bytes ? size : 0),
    onEvict: (entry) => drop(entry),
  });

  const drop = (entry: Entry): void => {
    entry.kept = false;
    release(entry);
  };
  const release = (entry: Entry): void => {
    if (entry.kept || entry.users > 0 || !entry.bytes) return;
    entry.bytes = undefined;
    heldBytes -= entry.size;
  };
  const forget = (path: string): void => {
    const entry = entries.take(path);
    if (entry) drop(entry);
  };
  const load = (path: string, entry: Entry): void => {
    const { file, size } = entry;
    heldBytes += size;
    entry.bytes = readFully(file, Buffer.allocUnsafeSlow(size), 0, size).catch(() => {
      // Whoever sends from the file meets the error too, and says it.
      if (entries.get(path) === entry) forget(path);
      return undefined;
    });
    entries.set(path, entry);
  };

  return {
    use: async (path, opened, work) => {
      const { size } = opened;
      if (size > blobBytesMax) return work(undefined);
      const entry = entries.get(path);
      // Another file was opened there since.
      if (entry?.file !== opened.file) {
        forget(path);
        entries.set(path, { ...opened, bytes: undefined, users: 0, kept: true });
        return work(undefined);
      }
      if (!entry.bytes && heldBytes + size <= heldBytesMax) load(path, entry);
      entry.users += 1;
      try {
        return await work(await entry.bytes);
      } finally {
        entry.users -= 1;
        release(entry);
      }
    },
    forget,
  };
}
