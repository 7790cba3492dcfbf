// Runs one command: its words become values, and what it returns becomes text on stdout. Apart from main.ts, so that help
// and the version are shown without any of this.
import type { Command } from './command.ts';
import { createContext, type Machine } from './context.ts';
import { defaultFromEnvironment, readDefaults } from './defaults.ts';
import { wantsColour } from './output/paint.ts';
import type { Query } from './output/query.ts';
import { render } from './output/render.ts';
import { type Globals, globalOptions } from './parse/globals.ts';
import { parseOptions, type Unanswered } from './parse/parser.ts';
import { isVerb } from './program.ts';
import { isInteractive } from './prompt.ts';
import type { Place } from './walk.ts';

const detachWords = new Set(['--detach', '-d']);

/** @param place where the command was found, with the words behind it */
export async function runCommand(
  { path, node, rest }: Place,
  command: Command,
  machine: Machine,
): Promise<void> {
  if (command.serves && !rest.some((word) => detachWords.has(word))) {
    const { takeServerFlags } = await import('./process/server-flags.ts');
    takeServerFlags(machine.process);
  }
  let sameInOneLine: string | undefined;
  const ask = async (unanswered: Unanswered): Promise<void> => {
    const { askMissing, inOneLine } = await import('./ask/missing.ts');
    // The global options have their values by now: none of them is required.
    const asking = createContext(machine, path, unanswered.values as unknown as Globals);
    const answers = await askMissing(command, unanswered, asking);
    if (command.guide) sameInOneLine = inOneLine(path, rest, command, answers);
  };
  const values = await parseOptions(path, { ...command.options, ...globalOptions }, rest, {
    env: machine.env,
    configured: async (name) =>
      defaultFromEnvironment(machine.env, name) ?? (await readDefaults(machine.home))[name],
    ask: isInteractive(machine) ? ask : undefined,
  });
  const query = values.query === undefined ? undefined : await compile(values.query);
  const context = createContext(machine, path, values);
  if (isVerb(node) && node.deprecated !== undefined) context.warn(node.deprecated);
  const result = await command.run(values, context).finally(() => context.changes.end());
  const { stdout, env } = machine;
  const terminal = stdout.isTTY;
  const columns = (terminal && stdout.columns) || undefined;
  const screen = { terminal, columns, colour: wantsColour(stdout, env) };
  const text = await render(result, { format: values.output, query, view: command.view, screen });
  if (text !== undefined) machine.stdout.write(`${text}\n`);
  if (sameInOneLine !== undefined) machine.stderr.write(`\nThe same in one line:\n${sameInOneLine}\n`);
}

async function compile(expression: string): Promise<Query> {
  const { compileQuery } = await import('./output/query.ts');
  return compileQuery(expression);
}
