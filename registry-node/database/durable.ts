// Group commit. A commit that syncs by itself stops the whole process until the disk has answered, once for each change. Here
// SQLite only writes (synchronous=NORMAL), and its log is synced on another thread, once for all the commits that were made
// while the sync before was under way. Whoever made a change waits for the sync that covers it before telling anybody.
// SQLite recovers a log up to its last whole transaction, so what is lost in a power cut is only what nobody was told of.
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Durability {
  /** Resolves when every commit made before the call is on the disk. @throws an error of the disk */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** @param file a database that `openSqlite` has opened for commits that are flushed */
export async function openDurability(file: string): Promise<Durability> {
  const log = await open(`${file}-wal`, 'r');
  await syncFolderOf(file);
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  /** Since a sync has failed nobody knows what of the log is on the disk, and the next sync would not say. */
  let doubtful = false;
  const sync = async (): Promise<void> => {
    if (doubtful) emptyLog(file);
    doubtful = true;
    await log.datasync();
    doubtful = false;
  };
  const begin = async (): Promise<void> => {
    await running.catch(() => undefined);
    // Whoever comes from here on may have committed after the sync has begun, and waits for the one after.
    next = undefined;
    running = sync();
    await running;
  };
  return {
    flush: () => (next ??= begin()),
    close: async () => {
      await running.catch(() => undefined);
      await log.close();
    },
  };
}

/** Has SQLite write all that its log holds into the database, which it syncs, and begin the log anew. @throws Error */
function emptyLog(file: string): void {
  // Without a timeout: whoever it would wait for is this process, which could not go on meanwhile.
  const sqlite = new DatabaseSync(file, { timeout: 0 });
  try {
    const row = sqlite.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    if (row?.busy !== 0) throw new Error('a sync of the database failed, and its log is in use: try again');
  } finally {
    sqlite.close();
  }
}

/** The log is a new name in its folder after each start. */
async function syncFolderOf(file: string): Promise<void> {
  const folder: FileHandle = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
