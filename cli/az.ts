// The Azure command line, as far as acrc sets it up.
import { spawn } from 'node:child_process';
import { failure } from './errors.ts';

const timeoutMs = 120_000;

/** Whether it ended well. @throws CliError when az is not there */
export async function tryAz(env: NodeJS.ProcessEnv, words: readonly string[]): Promise<boolean> {
  return (await runAz(env, words)).code === 0;
}

/** @throws CliError with what az said */
export async function requireAz(env: NodeJS.ProcessEnv, words: readonly string[]): Promise<void> {
  const { code, output } = await runAz(env, words);
  if (code !== 0) throw failure(`'az ${words.slice(0, 2).join(' ')}' failed:\n${output.trim()}`);
}

function runAz(
  env: NodeJS.ProcessEnv,
  words: readonly string[],
): Promise<{ code: number | null; output: string }> {
  // Not `timeout`, whose timer outlives a program that is not there.
  const signal = AbortSignal.timeout(timeoutMs);
  const child = spawn('az', words, { env, signal, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? failure(
              'The Azure CLI is not installed: there is no az in the PATH.',
              'Install it, e.g. with apt-get install azure-cli.',
            )
          : error,
      ),
    );
    child.on('close', (code) => resolve({ code, output }));
  });
}
