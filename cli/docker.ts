// The docker command line, as far as acrc uses it. `DOCKER_COMMAND` names another one, e.g. podman.
import { spawn } from 'node:child_process';
import type { RegistryUser } from './client/registry.ts';
import type { Credential } from './client/credential.ts';
import type { Context } from './context.ts';
import { failure } from './errors.ts';

/** Of what a healthy daemon answers at once. */
const timeoutMs = 60_000;

interface Outcome {
  code: number | null;
  output: string;
}

interface DockerOptions {
  input?: string;
  /** False for what takes as long as the link needs. */
  bounded?: boolean;
}

/** @throws CliError when docker is not there or its daemon does not answer */
export async function requireDocker(env: NodeJS.ProcessEnv): Promise<void> {
  const { code, output } = await runDocker(env, ['ps']);
  if (code === 0) return;
  throw failure(
    `An error occurred: DOCKER_COMMAND_ERROR\nPlease verify if Docker client is installed and running.\n${output.trim()}`,
    "'--expose-token' gives a token for other clients without docker.",
  );
}

/** The password goes through stdin: the words of a command are visible to everybody on the machine. */
export async function dockerLogin(context: Context, server: string, user: RegistryUser): Promise<void> {
  const words = ['login', '--username', user.username, '--password-stdin', server];
  const { env, stdout, stderr } = context;
  const { code, output } = await runDocker(env, words, { input: user.password });
  if (code === 0) stdout.write('Login Succeeded\n');
  else {
    stderr.write(output);
    throw failure('Login failed.', trustHint(output, server, await context.credential()));
  }
}

/** docker takes any certificate of localhost, podman does not. */
function trustHint(
  output: string,
  server: string,
  { certificateAuthorityFile }: Credential,
): string | undefined {
  if (!/x509|certificate/.test(output) || certificateAuthorityFile === undefined) return undefined;
  return `It trusts the registry when '${certificateAuthorityFile}' is copied to /etc/containers/certs.d/${server}/ca.crt (podman), or to /etc/docker/certs.d/${server}/ca.crt.`;
}

/** @returns code null when there is no such program */
export function runDocker(
  env: NodeJS.ProcessEnv,
  words: readonly string[],
  { input = '', bounded = true }: DockerOptions = {},
): Promise<Outcome> {
  // Not `timeout`, whose timer outlives a program that is not there.
  const bound = bounded && { signal: AbortSignal.timeout(timeoutMs) };
  const child = spawn(env.DOCKER_COMMAND || 'docker', words, { env, ...bound });
  let output = '';
  const keep = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  // A command that is not there closes its stdin before it reads it; the 'error' event says so better.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}
