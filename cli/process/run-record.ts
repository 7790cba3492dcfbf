// Who runs in this ACRC_HOME: one small file per process, made by the process itself before it listens and removed when it
// ends. It is also the lock that keeps a second one of the same name from starting.
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from '../home.ts';
import { makePrivateFolder } from '../private-folder.ts';
import { identityOf } from './identity.ts';

export type Kind = 'control-plane' | 'node';

export interface RunRecord {
  kind: Kind;
  name: string;
  pid: number;
  /** See identity.ts. */
  identity: string;
  startedAt: string;
  /** `starting` until it listens. */
  state: 'starting' | 'running';
  /** Where it is reached; absent while it starts. */
  address?: string;
  dataFolder: string;
  /** Only of a detached process. */
  logFile?: string;
}

/** There is one control plane in a home, and it has this name. */
export const controlPlaneName = 'control-plane';

export class AlreadyRuns extends Error {
  readonly record: RunRecord;

  constructor(record: RunRecord) {
    super(`${record.kind} '${record.name}' already runs`);
    this.record = record;
  }
}

function recordFile(home: Home, kind: Kind, name: string): string {
  return join(home.runFolder, `${fileStem(kind, name)}.json`);
}

export function logFileOf(home: Home, kind: Kind, name: string): string {
  return join(home.logFolder, `${fileStem(kind, name)}.log`);
}

function fileStem(kind: Kind, name: string): string {
  return kind === 'control-plane' ? kind : `${kind}-${encodeURIComponent(name)}`;
}

export async function listRecords(home: Home, kind: Kind): Promise<RunRecord[]> {
  const files = (await filesIn(home.runFolder)).filter((file) => file.endsWith('.json')).sort();
  const records = await Promise.all(files.map((file) => readRecord(join(home.runFolder, file))));
  return records.filter((record) => record !== undefined).filter((record) => record.kind === kind);
}

/** None where nobody ever ran. */
async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function readRecord(file: string): Promise<RunRecord | undefined> {
  try {
    const record: RunRecord = JSON.parse(await readFile(file, 'utf8'));
    return record;
  } catch {
    // Gone since it was listed, or cut short by a power failure: nobody holds it.
    return undefined;
  }
}

export async function isAlive({ pid, identity }: RunRecord): Promise<boolean> {
  return (await identityOf(pid)) === identity;
}

/** @throws AlreadyRuns when a living process has the name */
export async function requireFree(home: Home, kind: Kind, name: string): Promise<void> {
  const holder = await readRecord(recordFile(home, kind, name));
  if (holder && (await isAlive(holder))) throw new AlreadyRuns(holder);
}

/** Writes this process down. @throws AlreadyRuns when a living process has the name */
export async function claim(home: Home, record: RunRecord): Promise<void> {
  makePrivateFolder(home.runFolder);
  const file = recordFile(home, record.kind, record.name);
  for (;;) {
    try {
      await writeFile(file, JSON.stringify(record), { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    await requireFree(home, record.kind, record.name);
    await rm(file, { force: true });
  }
}

/** Written beside and renamed: a reader never sees half a record. */
export async function update(home: Home, record: RunRecord): Promise<void> {
  const file = recordFile(home, record.kind, record.name);
  await writeFile(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Removes the record if it still is this one. */
export async function release(home: Home, { kind, name, pid, identity }: RunRecord): Promise<void> {
  const file = recordFile(home, kind, name);
  const holder = await readRecord(file);
  if (holder?.pid === pid && holder.identity === identity) await rm(file, { force: true });
}
