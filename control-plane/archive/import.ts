// Brings back what an export wrote, into a data folder that holds nothing: unpacked beside, verified, brought up to this
// version, and only then moved to its place. Until the last move a control plane does not start on it.
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Extract, extract } from 'tar-stream';
import { z } from 'zod';
import { syncFolder } from '../../registry-node/blobs/durable.ts';
import { migrations as contentMigrations } from '../../registry-node/content/schema.ts';
import { writeSecretFile } from '../../registry-node/data-folder/secret-file.ts';
import { type Migration, openSqlite } from '../../registry-node/database/open.ts';
import type { SyncTrigger } from '../../registry-node/gateway/protocol.ts';
import {
  claimDataFolder,
  databaseOf,
  dataFolderEntries,
  DataFolderError,
  importFolder,
  registriesOf,
} from '../data-folder.ts';
import { migrations, type Tables } from '../store/tables.ts';
import {
  type About,
  aboutSchema,
  archiveFormat,
  ArchiveError,
  type Checksum,
  createChecksum,
  entryNames,
  isDataPath,
  smallEntryBytesMax,
} from './format.ts';

export interface ImportOptions {
  file: string;
  dataFolder: string;
  credentialFile: string;
  /** Also when the file signs in to another control plane, whose secret is then lost. */
  replacesCredential?: boolean | undefined;
}

const keptSchema = z.object({ clientId: z.string(), endpoint: z.string() });

type Entry = Extract extends AsyncIterable<infer Each> ? Each : never;

export interface Imported extends About {
  dataFolder: string;
}

/** @throws DataFolderError, ArchiveError, NewerDatabaseError; an error of the disk. The folder is as empty as it was then. */
export async function importControlPlane(options: ImportOptions): Promise<Imported> {
  const { file, dataFolder, credentialFile, replacesCredential } = options;
  await requireFile(file);
  const unlock = await claimDataFolder(dataFolder);
  const stage = join(dataFolder, importFolder);
  try {
    await requireEmpty(dataFolder);
    await mkdir(stage, { mode: 0o700 });
    try {
      const { about, credentials } = await unpack(file, stage);
      if (credentials && !replacesCredential) await requireSameCredential(credentialFile, credentials);
      await bringUpToDate(stage);
      await moveInto(stage, dataFolder);
      if (credentials) {
        await mkdir(dirname(credentialFile), { recursive: true, mode: 0o700 });
        await writeSecretFile(credentialFile, credentials.toString('utf8'));
      }
      return { dataFolder, ...about };
    } catch (error) {
      await removeAll(dataFolder);
      throw error;
    } finally {
      await rm(stage, { recursive: true, force: true });
    }
  } finally {
    unlock();
  }
}

/** Before the folder is made. @throws ArchiveError */
async function requireFile(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    throw new ArchiveError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** What an import left that was killed is removed. @throws DataFolderError */
async function requireEmpty(dataFolder: string): Promise<void> {
  const entries = (await readdir(dataFolder)).filter((name) => !name.startsWith('lock'));
  if (entries.includes(importFolder)) {
    await removeAll(dataFolder);
  } else if (entries.length > 0) {
    throw new DataFolderError(
      `The data folder ${dataFolder} is not empty. Choose another with --data or ACRC_HOME, or empty it with ` +
        "'acrc control-plane reset'. Nothing was changed.",
    );
  }
}

/** @throws DataFolderError when the file is another control plane's: who signs in with it could not do so any more */
async function requireSameCredential(credentialFile: string, imported: Buffer): Promise<void> {
  const kept = keptSchema.safeParse(parseJson(await readFile(credentialFile).catch(() => Buffer.alloc(0))));
  if (!kept.success || imported.includes(kept.data.clientId)) return;
  throw new DataFolderError(
    `${credentialFile} signs in to another control plane (${kept.data.endpoint}), and the import would replace it. Import ` +
      'under another ACRC_HOME, or replace it with --force. Nothing was changed.',
  );
}

/** But for the lock. The mark that the import has not ended goes after all that it brought. */
async function removeAll(dataFolder: string): Promise<void> {
  for (const name of dataFolderEntries)
    if (name !== 'lock') await rm(join(dataFolder, name), { recursive: true, force: true });
}

async function unpack(
  file: string,
  stage: string,
): Promise<{ about: About; credentials: Buffer | undefined }> {
  const checksum = createChecksum();
  let about: About | undefined;
  let credentials: Buffer | undefined;
  let expected: string | undefined;
  const take = async (entry: Entry): Promise<void> => {
    const { name, type } = entry.header;
    if (expected !== undefined || type !== 'file') throw damaged(file, `it holds '${name}'`);
    if (name === entryNames.checksum) {
      expected = (await readSmall(file, entry)).toString('utf8').trim();
      return;
    }
    checksum.begin(name, entry.header.size ?? 0);
    if (!about) about = parseAbout(file, name, await readSmall(file, entry, checksum));
    else if (name === entryNames.credentials) credentials = await readSmall(file, entry, checksum);
    else await writeEntry(file, entry, stage, checksum);
  };
  const tar = extract();
  const reading = pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), tar);
  const taking = async (): Promise<void> => {
    for await (const entry of tar) await take(entry);
  };
  await Promise.all([taking(), reading]).catch((error: unknown) => {
    throw isTarError(error) ? damaged(file, error.message, error) : error;
  });
  if (!about || expected === undefined) throw damaged(file, 'it ends early');
  if (checksum.end() !== expected) throw damaged(file, 'its checksum does not match');
  return { about, credentials };
}

function parseAbout(file: string, name: string, bytes: Buffer): About {
  const notOurs = (): ArchiveError =>
    new ArchiveError(`${file} was not written by 'acrc control-plane export'. Nothing was changed.`);
  if (name !== entryNames.about) throw notOurs();
  const parsed = aboutSchema.safeParse(parseJson(bytes));
  if (!parsed.success) throw notOurs();
  if (parsed.data.format <= archiveFormat) return parsed.data;
  throw new ArchiveError(
    `${file} was written by a newer version of acrc (${parsed.data.version}, format ${parsed.data.format}; this version ` +
      `reads up to ${archiveFormat}). Import it with that version. Nothing was changed.`,
  );
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Its types do not say that it gives bytes. */
function piecesOf(entry: Entry): AsyncIterable<Buffer> {
  return entry as AsyncIterable<Buffer>;
}

async function readSmall(file: string, entry: Entry, checksum?: Checksum): Promise<Buffer> {
  const { name, size } = entry.header;
  if (size > smallEntryBytesMax) throw damaged(file, `'${name}' is too large`);
  const pieces: Buffer[] = [];
  for await (const piece of piecesOf(entry)) {
    checksum?.add(piece);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function writeEntry(file: string, entry: Entry, stage: string, checksum: Checksum): Promise<void> {
  const { name } = entry.header;
  const path = name.slice(entryNames.data.length);
  if (!name.startsWith(entryNames.data) || !isDataPath(path)) throw damaged(file, `it holds '${name}'`);
  const target = join(stage, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const hashed = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of piecesOf(entry)) {
      checksum.add(piece);
      yield piece;
    }
  };
  await pipeline(hashed, createWriteStream(target, { mode: 0o600, flags: 'wx', flush: true }));
}

/** @throws NewerDatabaseError */
async function bringUpToDate(stage: string): Promise<void> {
  await askForFullSyncs(databaseOf(stage));
  const registries = await readdir(registriesOf(stage)).catch(() => []);
  for (const name of registries)
    await migrate(join(registriesOf(stage), name, 'content', 'registry.db'), contentMigrations);
}

/**
 * After the export nodes may have been told more, or have brought up more, than the registries now hold. One that has read on is
 * recognised by its cursor; any other looks as if nothing had happened.
 */
async function askForFullSyncs(file: string): Promise<void> {
  const database = await openSqlite<Tables>(file, migrations);
  try {
    await database
      .updateTable('reports')
      .set({ pending_full_sync: 'RecoveryService' satisfies SyncTrigger })
      .where('instance', 'is not', null)
      .execute();
  } finally {
    await database.destroy();
  }
}

async function migrate(file: string, to: readonly Migration[]): Promise<void> {
  await (await openSqlite(file, to)).destroy();
}

/** The database last. */
async function moveInto(stage: string, dataFolder: string): Promise<void> {
  const present = new Set(await readdir(stage));
  for (const name of dataFolderEntries.toReversed())
    if (present.has(name)) await rename(join(stage, name), join(dataFolder, name));
  await syncFolder(dataFolder);
}

/** tar-stream's own, which has no code and says what it stumbled over. */
function isTarError(error: unknown): error is Error {
  return error instanceof Error && error.constructor === Error && !('code' in error);
}

function damaged(file: string, what: string, cause?: unknown): ArchiveError {
  return new ArchiveError(
    `${file} is damaged or not an export: ${what}. Take another copy of it. Nothing was changed.`,
    { cause },
  );
}
