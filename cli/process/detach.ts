// Starts this same command once more, in the background, and waits until it says that it is ready or why it is not.
import { type ChildProcess, spawn } from 'node:child_process';
import { open, rename, stat } from 'node:fs/promises';
import type { Context } from '../context.ts';
import { failure } from '../errors.ts';
import { makePrivateFolder } from '../private-folder.ts';
import { isStartMessage, type StartMessage } from './messages.ts';
import { type Kind, logFileOf, requireFree } from './run-record.ts';
import { serverFlags } from './server-flags.ts';
import { explainStart } from './start-error.ts';

export interface Detached {
  kind: Kind;
  name: string;
  words: readonly string[];
  /** Secrets travel here: the words of a process are visible to everybody. */
  env: NodeJS.ProcessEnv;
}

const startMaxMs = 90_000;
/** A log above this is set aside (one, `.1`) when a process starts. */
const logBytesMax = 32 * 1024 * 1024;

export async function detach(
  context: Context,
  { kind, name, words, env }: Detached,
): Promise<{ pid: number; address: string }> {
  const { process, home } = context;
  // The new process would find out too, and would say so into the log of the one that runs.
  await requireFree(home, kind, name).catch((error: unknown) => {
    throw explainStart(error);
  });
  const logFile = logFileOf(home, kind, name);
  makePrivateFolder(home.logFolder);
  await setAside(logFile);
  const log = await open(logFile, 'a', 0o600);
  try {
    const child = spawn(process.execPath, [...process.execArgv, ...serverFlags, process.argv[1]!, ...words], {
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
    });
    const message = await answerOf(child, context, logFile);
    if (child.connected) child.disconnect();
    child.unref();
    if ('failed' in message) throw failure(message.failed.message, message.failed.hint);
    if (message.started.notice !== undefined) context.warn(message.started.notice);
    return { pid: child.pid!, address: message.started.address };
  } finally {
    await log.close();
  }
}

function answerOf(child: ChildProcess, { clock }: Context, logFile: string): Promise<StartMessage> {
  const timeout = new AbortController();
  const answer = new Promise<StartMessage>((resolve, reject) => {
    child.once('message', (value) => {
      if (isStartMessage(value)) resolve(value);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(
        failure(`It ended at once (${signal ?? `exit code ${code}`}).`, `What it wrote is in ${logFile}.`),
      ),
    );
    const late = (): void =>
      reject(
        failure(
          `It has not started within ${startMaxMs / 1000} s; it goes on trying.`,
          `What it wrote is in ${logFile}.`,
        ),
      );
    clock.sleep(startMaxMs, timeout.signal).then(late, () => {});
  });
  return answer.finally(() => timeout.abort());
}

async function setAside(logFile: string): Promise<void> {
  const size = await stat(logFile).then(
    ({ size }) => size,
    () => 0,
  );
  if (size > logBytesMax) await rename(logFile, `${logFile}.1`);
}
