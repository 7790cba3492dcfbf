// From the words on the command line to an exit code. The one place where errors are printed and exit codes are chosen.
import { systemClock } from '../registry-node/clock.ts';
import type { Machine } from './context.ts';
import { CliError, type ErrorKind } from './errors.ts';
import { homeOf } from './home.ts';
import { isVerb } from './program.ts';
import { type Place, walk } from './walk.ts';

/** Error kind -> exit code. Zero is success. */
const exitCodes: Readonly<Record<ErrorKind, number>> = { failure: 1, declined: 1, parser: 2, missing: 3 };

const helpWidthMax = 100;
const versionWords = new Set(['--version', '-v']);
const helpWords = new Set(['--help', '-h']);

/** Runs what `process.argv` says and sets `process.exitCode`; the process ends when nothing is left to do. */
export async function main(process: NodeJS.Process): Promise<void> {
  const { env, stdin, stdout, stderr } = process;
  // A reader that has seen enough (`| head`) closes the pipe; that is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => error.code === 'EPIPE' && process.exit());
  const machine: Machine = { process, env, stdin, stdout, stderr, clock: systemClock, home: homeOf(env) };
  try {
    await run(process.argv.slice(2), machine);
  } catch (error) {
    process.exitCode = report(error, machine, process.argv.includes('--debug'));
  }
}

async function run(words: readonly string[], machine: Machine): Promise<void> {
  if (versionWords.has(words[0] ?? '')) {
    const { version } = await import('../registry-node/version.ts');
    machine.stdout.write(`acrc ${version}\n`);
    return;
  }
  const place = walk(words);
  if (!isVerb(place.node) || place.rest.some((word) => helpWords.has(word))) {
    await showHelp(place, machine);
    return;
  }
  const { runCommand } = await import('./run-command.ts');
  await runCommand(place, (await place.node.load()).default, machine);
}

async function showHelp({ path, node, rest }: Place, machine: Machine): Promise<void> {
  const { commandHelp, groupHelp } = await import('./help.ts');
  const width = Math.min(machine.stdout.columns || helpWidthMax, helpWidthMax);
  const page = { path, summary: node.summary, width };
  if (isVerb(node)) machine.stdout.write(commandHelp(page, (await node.load()).default));
  else if (rest.length === 0 || rest.some((word) => helpWords.has(word)))
    machine.stdout.write(groupHelp(page, node));
  else
    throw new CliError('parser', `unrecognized arguments: ${rest.join(' ')}`, {
      hint: `See '${path} --help'.`,
    });
}

/** @returns the exit code */
function report(error: unknown, { stderr }: Machine, debug: boolean): number {
  if (error instanceof CliError) {
    stderr.write(`ERROR: ${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`);
    if (debug && error.stack !== undefined) stderr.write(`DEBUG: ${error.stack}\n`);
    return exitCodes[error.kind];
  }
  // Whatever was not foreseen is shown whole under --debug: it is a defect of acrc or of the machine.
  const reason = error instanceof Error ? error.message : String(error);
  stderr.write(`ERROR: ${reason}\n`);
  stderr.write(
    debug && error instanceof Error ? `DEBUG: ${error.stack}\n` : 'Run again with --debug to see more.\n',
  );
  return exitCodes.failure;
}
