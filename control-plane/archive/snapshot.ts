// The data folder at one moment, while a control plane may be running on it: databases are copied in one read of theirs,
// keys never change, and a blob is kept by a second name, so that garbage collection cannot take it away before it is read.
import { copyFile, cp, link, mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { hasCode } from '../../registry-node/blobs/durable.ts';
import { blobLayout } from '../../registry-node/blobs/layout.ts';
import { parseDigest } from '../../registry-node/oci/digest.ts';
import { registryFolderName } from '../cloud-registry/registries.ts';
import { databaseOf, registriesOf } from '../data-folder.ts';
import { registryKind, type RegistryProperties } from '../resources/registries/schema.ts';
import type { Resource } from '../store/resource.ts';

export interface Snapshot {
  /** By name. */
  registries: string[];
  /** Stored blobs whose files are gone: scrub says more. */
  blobsMissing: number;
}

/** Garbage collection may come between a registry's database and its blobs; hardly ever twice. */
const attemptsMax = 3;
const secretFolders = ['keys', 'certificates'] as const;

/**
 * @param stage an empty folder on the same file system
 * @throws an error of the disk, also when a registry is deleted meanwhile: its row is in the database then, and its folder gone
 */
export async function takeSnapshot(dataFolder: string, stage: string): Promise<Snapshot> {
  copyDatabase(databaseOf(dataFolder), databaseOf(stage));
  for (const name of secretFolders) await copyFiles(join(dataFolder, name), join(stage, name));
  const snapshot: Snapshot = { registries: [], blobsMissing: 0 };
  for (const registry of readRegistries(databaseOf(stage))) {
    snapshot.registries.push(registry.name);
    // One that is only being made begins anew where it is imported.
    if (registry.properties.provisioningState !== 'Succeeded') continue;
    const name = registryFolderName(registry);
    snapshot.blobsMissing += await takeRegistry(
      join(registriesOf(dataFolder), name),
      join(registriesOf(stage), name),
    );
  }
  return snapshot;
}

/** @returns how many blobs have no file */
async function takeRegistry(folder: string, stage: string): Promise<number> {
  const database = join(stage, 'content', 'registry.db');
  for (let attempt = 1; ; attempt++) {
    await copyFiles(join(folder, 'tokens'), join(stage, 'tokens'));
    await mkdir(join(stage, 'content'), { recursive: true });
    copyDatabase(join(folder, 'content', 'registry.db'), database);
    const missing = await linkBlobs(folder, stage, database);
    if (missing === 0 || attempt === attemptsMax) return missing;
    await rm(stage, { recursive: true });
  }
}

/** VACUUM INTO reads the last commit, and holds up nobody who writes meanwhile. */
function copyDatabase(from: string, to: string): void {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 5000 });
  try {
    source.prepare('VACUUM INTO ?').run(to);
  } finally {
    source.close();
  }
}

function* rows<T>(database: string, sql: string, ...parameters: string[]): Generator<T> {
  const opened = new DatabaseSync(database, { readOnly: true });
  try {
    for (const row of opened.prepare(sql).iterate(...parameters)) yield row as T;
  } finally {
    opened.close();
  }
}

function readRegistries(database: string): Resource<RegistryProperties>[] {
  const sql = 'SELECT document FROM resources WHERE type = ? ORDER BY name';
  const found = rows<{ document: string }>(database, sql, registryKind.type);
  return [...found].map(({ document }) => JSON.parse(document) as Resource<RegistryProperties>);
}

async function linkBlobs(folder: string, stage: string, database: string): Promise<number> {
  const [from, to] = [folder, stage].map((place) => blobLayout(join(place, 'content', 'blobs')));
  const made = new Set<string>();
  let missing = 0;
  const stored = 'SELECT digest FROM blobs WHERE damaged_at IS NULL';
  for (const { digest } of rows<{ digest: string }>(database, stored)) {
    const source = from!.blob(parseDigest(digest)).file;
    const target = to!.blob(parseDigest(digest)).file;
    if (!made.has(dirname(target))) await mkdir(dirname(target), { recursive: true });
    made.add(dirname(target));
    if (!(await keep(source, target))) missing++;
  }
  return missing;
}

/** False when there is no such file. */
async function keep(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return true;
    if (hasCode(error, 'ENOENT')) return false;
    // A file system without hard links.
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP')) throw error;
    await copyFile(source, target);
  }
  return true;
}

/** A secret that is just being written has another name until it is whole. */
async function copyFiles(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, filter: (path) => !basename(path).endsWith('.new') });
}
