// Runs one command: its words become values, and what it returns becomes text on stdout. Apart from main.ts, so that help
// and the version are shown without any of this.
import type { Command } from './command.ts';
import { createContext, type Machine } from './context.ts';
import { defaultFromEnvironment, readDefaults } from './defaults.ts';
import type { Query } from './output/query.ts';
import { render } from './output/render.ts';
import { globalOptions } from './parse/globals.ts';
import { parseOptions } from './parse/parser.ts';
import type { Place } from './walk.ts';

/** @param place where the command was found, with the words behind it */
export async function runCommand({ path, rest }: Place, command: Command, machine: Machine): Promise<void> {
  const values = await parseOptions(path, { ...command.options, ...globalOptions }, rest, {
    env: machine.env,
    configured: async (name) =>
      defaultFromEnvironment(machine.env, name) ?? (await readDefaults(machine.home))[name],
  });
  const query = values.query === undefined ? undefined : await compile(values.query);
  const context = createContext(machine, path, values);
  const result = await command.run(values, context);
  const text = await render(result, { format: values.output, query, view: command.view });
  if (text !== undefined) machine.stdout.write(`${text}\n`);
}

async function compile(expression: string): Promise<Query> {
  const { compileQuery } = await import('./output/query.ts');
  return compileQuery(expression);
}
