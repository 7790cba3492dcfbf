// Writes the state of a control plane, running or not, to one file: nothing of it is there under its name before all is.
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { hasCode, syncFolder } from '../../registry-node/blobs/durable.ts';
import type { Clock } from '../../registry-node/clock.ts';
import { lockFile, LockHeldError } from '../../registry-node/data-folder/lock.ts';
import { version } from '../../registry-node/version.ts';
import { DataFolderError, databaseOf } from '../data-folder.ts';
import {
  type About,
  archiveFormat,
  ArchiveError,
  type Checksum,
  createChecksum,
  entryNames,
} from './format.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';

const attemptsMax = 3;

export interface ExportOptions {
  dataFolder: string;
  credentialFile: string;
  /** Where to; must not exist. */
  file: string;
  clock: Clock;
}

export interface Exported extends About {
  file: string;
  bytes: number;
  /** Stored blobs whose files are gone from the data folder; left out. */
  blobsMissing: number;
}

/** @throws DataFolderError, ArchiveError; an error of the disk */
export async function exportControlPlane(options: ExportOptions): Promise<Exported> {
  const { dataFolder, file } = options;
  if (!existsSync(databaseOf(dataFolder))) {
    throw new DataFolderError(
      `The data folder ${dataFolder} holds no control plane. Name the one that does with --data.`,
    );
  }
  if (existsSync(file)) throw new ArchiveError(`${file} exists already. Choose another name.`);
  const unlock = lockExports(dataFolder);
  const stage = join(dataFolder, 'export');
  const partial = `${file}.partial`;
  try {
    const { registries, blobsMissing } = await takeSnapshotInto(stage, dataFolder);
    const createdAt = options.clock.now().toISOString();
    const about = { format: archiveFormat, version, createdAt, registries };
    await writeArchive(partial, about, await readCredentials(options.credentialFile), stage);
    await rename(partial, file);
    await syncFolder(dirname(file));
    return { file, bytes: (await stat(file)).size, ...about, blobsMissing };
  } finally {
    await rm(partial, { force: true });
    await rm(stage, { recursive: true, force: true });
    unlock();
  }
}

/** Again when a registry was deleted while it was being read. */
async function takeSnapshotInto(stage: string, dataFolder: string): Promise<Snapshot> {
  for (let attempt = 1; ; attempt++) {
    // Also what an export left behind that was killed.
    await rm(stage, { recursive: true, force: true });
    await mkdir(stage, { mode: 0o700 });
    try {
      return await takeSnapshot(dataFolder, stage);
    } catch (error) {
      if (attempt === attemptsMax || !hasCode(error, 'ENOENT', 'ERR_SQLITE_ERROR')) throw error;
    }
  }
}

/** A control plane that another user's command line started has none here; its owner gets a new password then. */
async function readCredentials(file: string): Promise<Buffer | undefined> {
  return existsSync(file) ? readFile(file) : undefined;
}

function lockExports(dataFolder: string): () => void {
  try {
    return lockFile(join(dataFolder, 'export.lock'));
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    throw new DataFolderError(`The data folder ${dataFolder} is being exported already.`, { cause: error });
  }
}

async function writeArchive(
  file: string,
  about: About,
  credentials: Buffer | undefined,
  stage: string,
): Promise<void> {
  await rm(file, { force: true });
  const tar = pack();
  const writing = pipeline(tar, createWriteStream(file, { mode: 0o600, flush: true }));
  const adding = async (): Promise<void> => {
    const checksum = createChecksum();
    await addBytes(tar, checksum, entryNames.about, Buffer.from(JSON.stringify(about)));
    if (credentials) await addBytes(tar, checksum, entryNames.credentials, credentials);
    for await (const path of filesIn(stage))
      await addFile(tar, checksum, `${entryNames.data}${relative(stage, path)}`, path);
    await addBytes(tar, createChecksum(), entryNames.checksum, Buffer.from(`${checksum.end()}\n`));
    tar.finalize();
  };
  const added = adding().catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : null);
    throw error;
  });
  // A disk that is full ends the writing, and nothing would ever drain what is added.
  await Promise.race([added, writing]);
  await Promise.all([added, writing]);
}

async function addBytes(tar: Pack, checksum: Checksum, name: string, bytes: Buffer): Promise<void> {
  checksum.begin(name, bytes.length);
  checksum.add(bytes);
  await new Promise<void>((resolve, reject) => {
    tar.entry({ name, mode: 0o600 }, bytes, (error) => (error ? reject(error) : resolve()));
  });
}

async function addFile(tar: Pack, checksum: Checksum, name: string, path: string): Promise<void> {
  const { size } = await stat(path);
  checksum.begin(name, size);
  const ended = Promise.withResolvers<void>();
  const entry = tar.entry({ name, size, mode: 0o600 }, (error) =>
    error ? ended.reject(error) : ended.resolve(),
  );
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    checksum.add(piece as Buffer);
    if (!entry.write(piece)) await once(entry, 'drain');
  }
  entry.end(undefined);
  await ended.promise;
}

/** All below `folder`, in a fixed order. */
async function* filesIn(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else yield path;
  }
}
