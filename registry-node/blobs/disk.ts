// Blobs as files: the default store. See layout.ts for where they lie, unfinished-file.ts for how they arrive and send.ts
// for how they leave.
import { mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { OciError } from '../oci/errors.ts';
import type { BlobStore } from './blob-store.ts';
import { hasCode, syncFolder } from './durable.ts';
import { blobLayout } from './layout.ts';
import { sendFile } from './send.ts';
import { openUnfinishedFile } from './unfinished-file.ts';

/** Opens the store in `folder`, making it when it is missing. */
export async function openDiskBlobs(folder: string): Promise<BlobStore> {
  const layout = blobLayout(folder);
  await mkdir(layout.unfinishedFolder, { recursive: true, mode: 0o700 });
  await syncFolder(folder);
  const turns = new Map<string, Promise<void>>();

  return {
    size: async (digest) => {
      const found = await orUndefined(stat(layout.blob(digest).file));
      return found?.size;
    },
    send: async (digest, target, range) => {
      const file = await orUndefined(open(layout.blob(digest).file, 'r'));
      if (!file) throw new OciError('BLOB_UNKNOWN', undefined, { digest });
      try {
        await sendFile(file, target, range ?? { start: 0, end: (await file.stat()).size - 1 });
      } finally {
        await file.close();
      }
    },
    delete: async (digest) => {
      const { folder, file } = layout.blob(digest);
      await orUndefined(unlink(file));
      await orUndefined(syncFolder(folder));
    },
    unfinished: async (id) => {
      const path = layout.unfinished(id);
      // Whoever opens an id that is open waits for its turn: two copies of one digest must not write to one file.
      const previous = turns.get(id);
      const turn = Promise.withResolvers<void>();
      turns.set(id, turn.promise);
      const leave = (): void => {
        if (turns.get(id) === turn.promise) turns.delete(id);
        turn.resolve();
      };
      await previous;
      try {
        return await openUnfinishedFile({ id, path, layout, onClose: leave });
      } catch (error) {
        leave();
        throw error;
      }
    },
    unfinishedBytes: async (id) => (await orUndefined(stat(layout.unfinished(id))))?.size ?? 0,
    listUnfinished: async () => {
      const ids = await readdir(layout.unfinishedFolder);
      const found = await Promise.all(
        ids.map(async (id) => ({ id, file: await orUndefined(stat(layout.unfinished(id))) })),
      );
      return found.flatMap(({ id, file }) =>
        file ? [{ id, bytes: file.size, modifiedAt: file.mtime }] : [],
      );
    },
    close: async () => undefined,
  };
}

async function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
