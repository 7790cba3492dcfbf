// Starts a server of Debian's in the foreground and waits until it listens.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { waitFor } from '../../fixtures/wait-for.ts';

export interface ServerProcess {
  readonly pid: number;
  close(): Promise<void>;
}

/** @param install what to do when the program is not there */
export async function startServer(
  program: string,
  words: readonly string[],
  port: number,
  install: string,
): Promise<ServerProcess> {
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  // Read, or a full pipe would stop the server; the end is what explains a failure.
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error) =>
      reject(new Error(`${program} cannot be started. ${install}`, { cause: error })),
    );
    child.once('exit', (code) => reject(new Error(`${program} ended with exit code ${code}: ${said}`)));
  });
  failed.catch(() => undefined);
  await Promise.race([failed, waitFor(`${program} to listen`, () => accepts(port))]);
  return { pid: child.pid!, close: () => stop(child) };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
  return true;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
