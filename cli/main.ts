// From the words on the command line to an exit code. The one place where errors are caught; report.ts prints them.
import { systemClock } from '../registry-node/clock.ts';
import { version } from '../registry-node/version.ts';
import type { Machine } from './context.ts';
import { CliError, failure } from './errors.ts';
import { homeOf } from './home.ts';
import { explainHome } from './home-error.ts';
import { isVerb } from './program.ts';
import { createReporter, errorFormatOf } from './report.ts';
import { type Place, walk } from './walk.ts';

const helpWidthMax = 100;
const versionWords = new Set(['--version', '-v']);
const helpWords = new Set(['--help', '-h']);

/** Runs what `process.argv` says and sets `process.exitCode`; the process ends when nothing is left to do. */
export async function main(process: NodeJS.Process): Promise<void> {
  const { env, stdout, stderr } = process;
  const words = process.argv.slice(2);
  const reporter = createReporter({ env, stderr }, errorFormatOf(words, env), words.includes('--debug'));
  const home = homeOf(env);
  const fail = (error: unknown): void => void (process.exitCode = reporter.fail(explainHome(error, home)));
  // A reader that has seen enough (`| head`) closes the pipe; that is no error. A full disk is one.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    fail(failure(`The result could not be written: ${error.message}.`));
  });
  stderr.on('error', () => {});
  const machine: Machine = { process, env, stdout, stderr, clock: systemClock, home, reporter };
  try {
    await run(words, machine);
    reporter.end();
  } catch (error) {
    fail(error);
  }
}

async function run(words: readonly string[], machine: Machine): Promise<void> {
  if (versionWords.has(words[0] ?? '')) {
    machine.stdout.write(`acrc ${version}\n`);
    return;
  }
  if (words[0] === '__complete') return showCandidates(words.slice(1), machine);
  const place = walk(words);
  if (!isVerb(place.node) || place.rest.some((word) => helpWords.has(word))) {
    await showHelp(place, machine);
    return;
  }
  const { runCommand } = await import('./run-command.ts');
  await runCommand(place, (await place.node.load()).default, machine);
}

/** What a shell asks when Tab is pressed. A request that is under way does not hold it up, and an error is no answer. */
async function showCandidates(words: readonly string[], machine: Machine): Promise<void> {
  const { candidateLines } = await import('./completion/complete.ts');
  const text = await candidateLines(words, machine).catch(() => '');
  machine.stdout.write(text, () => machine.process.exit());
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
