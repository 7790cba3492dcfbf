// Finds the processes of this ACRC_HOME that a command is about.
import { readdir } from 'node:fs/promises';
import type { Context } from '../context.ts';
import { failure } from '../errors.ts';
import { isAlive, type Kind, listRecords, logFileOf, type RunRecord } from './run-record.ts';

export interface ProcessStatus {
  name: string;
  /** `Killed`: it ended without saying so. */
  state: 'Running' | 'Starting' | 'Killed';
  address: string | null;
  pid: number;
  startedAt: string;
  dataFolder: string;
  logFile: string | null;
}

export async function statusOf(record: RunRecord): Promise<ProcessStatus> {
  const { name, pid, startedAt, dataFolder, address = null, logFile = null } = record;
  const alive = await isAlive(record);
  const living = record.state === 'running' ? 'Running' : 'Starting';
  return { name, state: alive ? living : 'Killed', address, pid, startedAt, dataFolder, logFile };
}

/** The one of that name, or the only one there is. @throws CliError that lists the names there are */
export async function findNode({ home }: Context, name: string | undefined): Promise<RunRecord> {
  const records = await listRecords(home, 'node');
  const found =
    name === undefined && records.length === 1 ? records[0] : records.find((one) => one.name === name);
  if (found) return found;
  const names = records.map((one) => one.name).join(', ');
  if (name === undefined && records.length > 1)
    throw failure(`Several nodes run here: ${names}.`, 'Choose one with --name.');
  const which = name === undefined ? 'No node runs' : `No node '${name}' runs`;
  throw failure(`${which} in this ACRC_HOME.`, names === '' ? undefined : `Those that do: ${names}.`);
}

/** A log outlives its process, so it is found by name and not by record. */
export async function findNodeLog(context: Context, name: string | undefined): Promise<string> {
  if (name !== undefined) return logFileOf(context.home, 'node', name);
  return logFileOf(context.home, 'node', (await findNode(context, undefined)).name);
}

/** Where a node keeps what it keeps, whether it runs or not. @throws CliError that lists the names there are */
export async function findNodeFolder({ home }: Context, name: string | undefined): Promise<string> {
  const kept = await readdir(home.nodesFolder).catch(() => []);
  const folders = new Map(kept.map((each) => [each, home.nodeFolder(each)]));
  for (const record of await listRecords(home, 'node')) folders.set(record.name, record.dataFolder);
  const found = name === undefined && folders.size === 1 ? [...folders.values()][0] : folders.get(name ?? '');
  if (found !== undefined) return found;
  const names = [...folders.keys()].sort().join(', ');
  if (name === undefined && names !== '')
    throw failure(`Several nodes are kept here: ${names}.`, 'Choose one with --name.');
  throw failure(
    name === undefined
      ? 'No node is kept in this ACRC_HOME.'
      : `No node '${name}' is kept in this ACRC_HOME.`,
    names === '' ? 'Name the folder of one that is kept elsewhere with --data.' : `Those that are: ${names}.`,
  );
}

export async function findControlPlane({ home }: Context): Promise<RunRecord | undefined> {
  return (await listRecords(home, kindOfControlPlane))[0];
}

/** @throws CliError */
export async function requireControlPlane(context: Context): Promise<RunRecord> {
  const record = await findControlPlane(context);
  if (record) return record;
  throw failure(
    'No control plane runs in this ACRC_HOME.',
    "Start one on this machine with 'acrc control-plane start --detach'.",
  );
}

const kindOfControlPlane: Kind = 'control-plane';
