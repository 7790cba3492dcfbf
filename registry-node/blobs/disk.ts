// Blobs as files: the default store. See layout.ts for where they lie, unfinished-file.ts for how they arrive and send.ts
// for how they leave.
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { OciError } from '../oci/errors.ts';
import type { BlobStore } from './blob-store.ts';
import { hasCode, makeFolder, moveDurably, syncFolder } from './durable.ts';
import { createHotBytes } from './hot-bytes.ts';
import { type BlobLayout, blobLayout } from './layout.ts';
import { listBlobs, listQuarantined } from './list.ts';
import { createOpenFiles } from './open-files.ts';
import { createOpenFolders } from './open-folders.ts';
import { sendBytes, sendFile } from './send.ts';
import { openUnfinishedFile } from './unfinished-file.ts';

const readBytes = 1024 * 1024;

/** Opens the store in `folder`, making it when it is missing. */
export async function openDiskBlobs(folder: string): Promise<BlobStore> {
  const layout = blobLayout(folder);
  await makeFolder(layout.unfinishedFolder);
  await makeHashFolders(layout);
  const turns = new Map<string, Promise<void>>();
  const files = createOpenFiles();
  const folders = createOpenFolders();
  const hot = createHotBytes();
  const forget = (path: string): void => {
    files.forget(path);
    hot.forget(path);
  };

  return {
    size: async (digest) => {
      const found = await orUndefined(stat(layout.blob(digest).file));
      return found?.size;
    },
    send: async (digest, target, range) => {
      let found = false;
      const path = layout.blob(digest).file;
      const sending = files.use(path, async (opened) => {
        found = true;
        const { start, end } = range ?? { start: 0, end: opened.size - 1 };
        // Said before the first byte: who is promised more than there is would wait for the rest, or take it from another answer.
        if (end >= opened.size) throw new OciError('BLOB_UNKNOWN', undefined, { digest });
        return hot.use(path, opened, (bytes) =>
          bytes
            ? sendBytes(bytes.subarray(start, end + 1), target)
            : sendFile(opened, target, { start, end }),
        );
      });
      await sending.catch((error: unknown) => {
        const missing = !found && hasCode(error, 'ENOENT');
        throw missing ? new OciError('BLOB_UNKNOWN', undefined, { digest }) : error;
      });
    },
    delete: async (digest) => {
      const { folder, file } = layout.blob(digest);
      await orUndefined(unlink(file));
      forget(file);
      await orUndefined(syncFolder(folder));
    },
    read: async function* (digest) {
      const file = await orUndefined(open(layout.blob(digest).file, 'r'));
      if (!file) throw new OciError('BLOB_UNKNOWN', undefined, { digest });
      try {
        const buffer = Buffer.allocUnsafeSlow(readBytes);
        for (;;) {
          const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
          if (bytesRead === 0) return;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        await file.close();
      }
    },
    list: () => listBlobs(layout),
    quarantine: async (digest) => {
      const { folder: place, file } = layout.blob(digest);
      // A file that is gone altogether leaves nothing to keep.
      await orUndefined(moveDurably(file, layout.quarantined(digest), layout.quarantineFolder));
      forget(file);
      await orUndefined(syncFolder(place));
    },
    listQuarantined: () => listQuarantined(layout),
    deleteQuarantined: async (digest) => {
      await orUndefined(unlink(layout.quarantined(digest)));
    },
    unfinished: async (id, { isNew = false } = {}) => {
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
        return await openUnfinishedFile({
          id,
          path,
          layout,
          folders,
          isNew,
          onClose: leave,
          onStored: forget,
        });
      } catch (error) {
        leave();
        throw error;
      }
    },
    reclaim: async (id, digest) => {
      const { file } = layout.blob(digest);
      if (turns.has(id)) return;
      await orUndefined(rename(file, layout.unfinished(id)));
      forget(file);
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
    close: async () => {
      await Promise.all([files.close(), folders.close()]);
    },
  };
}

/** All at once in a new store, so that no push has to wait until the folder above a new one is synced. */
async function makeHashFolders(layout: BlobLayout): Promise<void> {
  const within = layout.algorithmFolder('sha256');
  await makeFolder(within);
  const [first, ...others] = layout.hashFolders('sha256');
  if (first !== undefined && !(await orUndefined(stat(first)))) {
    await Promise.all(others.map((path) => mkdir(path, { recursive: true, mode: 0o700 })));
    // Made last: it says that all are there.
    await mkdir(first, { mode: 0o700 });
  }
  await syncFolder(within);
}

async function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
