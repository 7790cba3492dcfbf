// What runs on this machine: space where it keeps its data, whether each process lives and serves, and docker with the program
// that keeps its passwords.
import { spawn } from 'node:child_process';
import { readFile, stat, statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { runDocker } from '../docker.ts';
import { parseObject, textOf } from '../json-object.ts';
import { bytesText } from '../output/bytes.ts';
import type { ProcessStatus } from '../process/find.ts';
import { nodeStatusOf, type SyncStatus } from '../process/node-status.ts';
import { listRecords } from '../process/run-record.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const mebibyte = 1024 * 1024;
const freeBytesMin = 1024 * mebibyte;
const freeBytesBroken = 100 * mebibyte;
const helperMs = 5000;

export async function* checkMachine(context: Context): AsyncGenerator<Finding> {
  const { home } = context;
  const records = [...(await listRecords(home, 'control-plane')), ...(await listRecords(home, 'node'))];
  for (const status of await Promise.all(records.map(nodeStatusOf))) {
    yield await processFinding(context, status);
    if (status.sync) yield syncFinding(status.name, status.sync);
    const { bavail, bsize } = await statfs(status.dataFolder);
    yield spaceFinding(status.name, status.dataFolder, bavail * bsize);
  }
  for (const file of [home.credentialFile, home.tokenFile]) {
    const mode = await stat(file).then(
      (found) => found.mode & 0o777,
      () => undefined,
    );
    if (mode !== undefined && (mode & 0o077) !== 0) {
      yield problem('credentials', `Others on this machine may read ${file}.`, `chmod 600 ${file}`);
    }
  }
}

async function processFinding(context: Context, { name, state, address }: ProcessStatus): Promise<Finding> {
  const logs = name === 'control-plane' ? 'acrc control-plane logs' : `acrc node logs --name ${name}`;
  if (state === 'Killed')
    return problem(name, 'It ended without saying so.', `Start it again; '${logs}' shows its end.`);
  if (state === 'Starting' || address === null) return warning(name, 'It is still starting.', logs);
  const base = /^https?:/.test(address) ? address : `http://${address}`;
  const { status, data } = await (await context.http()).send<{ reason?: string }>({ url: `${base}/readyz` });
  if (status === 200) return ok(name, `It runs and serves at ${address}.`);
  return problem(name, `It runs and does not serve: ${data?.reason ?? status}.`, logs);
}

/** As the node itself knows it: the cloud hears of it later, or never while the link is cut. */
export function syncFinding(
  name: string,
  { state, opens, troubles }: Pick<SyncStatus, 'state' | 'opens' | 'troubles'>,
): Finding {
  const what = opens === null ? `It is ${state}.` : `It is ${state}: its sync window opens at ${opens}.`;
  const told = troubles.map(({ code, description }) => `${code}: ${description}`).join(' ');
  const detail = told === '' ? what : `${what} ${told}`;
  if (state !== 'Offline' && state !== 'Unhealthy') return ok(`${name} sync`, detail);
  return problem(`${name} sync`, detail, `What it says, and: acrc node logs --name ${name}`);
}

export function spaceFinding(name: string, folder: string, freeBytes: number): Finding {
  const detail = `${folder} has ${bytesText(freeBytes)} left.`;
  if (freeBytes >= freeBytesMin) return ok(`${name} disk`, detail);
  const remedy =
    name === 'control-plane' ? 'acrc control-plane gc -r <registry>' : `acrc node gc --name ${name}`;
  return (freeBytes < freeBytesBroken ? problem : warning)(
    `${name} disk`,
    detail,
    `Give it more space, or: ${remedy}`,
  );
}

/** Only `acrc login` needs it, so that its absence is no problem. */
export async function* checkDocker({ env }: Context): AsyncGenerator<Finding> {
  const { code, output } = await runDocker(env, ['version', '--format', '{{.Server.Version}}']);
  if (code !== 0) {
    const detail = `It does not answer: ${output.trim().split('\n')[0]}`;
    yield warning(
      'docker',
      detail,
      "Only 'acrc login' needs it; DOCKER_COMMAND names another client, like podman.",
    );
    return;
  }
  yield ok('docker', `Version ${output.trim()}.`);
  const folder = env.DOCKER_CONFIG || join(homedir(), '.docker');
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => '{}');
  const helper = textOf(parseObject(text), 'credsStore');
  if (helper === undefined) return;
  const program = `docker-credential-${helper}`;
  if (await runs(program, env)) yield ok('docker passwords', `${program} keeps them.`);
  else {
    const remedy = `Install ${program}, or take "credsStore" out of ${join(folder, 'config.json')}.`;
    yield problem(
      'docker passwords',
      `${program} is to keep them, and does not run: every sign-in fails.`,
      remedy,
    );
  }
}

function runs(program: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const child = spawn(program, ['list'], { env, stdio: 'ignore', signal: AbortSignal.timeout(helperMs) });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}
