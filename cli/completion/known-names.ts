// Names from the control plane, while somebody waits at a prompt: within a fifth of a second, or none.
import { namesOf } from '../client/names.ts';
import { createContext, type Machine } from '../context.ts';
import { defaultFromEnvironment, readDefaults } from '../defaults.ts';
import { globalOptions } from '../parse/globals.ts';
import type { Options, Resource } from '../parse/option.ts';
import { parseOptions } from '../parse/parser.ts';

const patienceMs = 200;

export interface Line {
  path: string;
  options: Options;
  /** The words behind the path. */
  given: readonly string[];
}

/** Undefined when nothing is known in time, for whatever reason. */
export async function knownNames(
  resource: Resource,
  line: Line,
  machine: Machine,
): Promise<string[] | undefined> {
  const globals = await parseOptions(line.path, globalOptions, ['--only-show-errors'], nowhere);
  const context = createContext(machine, `acrc ${line.path}`, globals);
  // Loads what asks; the patience is for the answers.
  await context.arm();
  const late = machine.clock.sleep(patienceMs).then(() => undefined);
  const registry = valueOf('registry', line) ?? (await kept('acr', machine));
  const group = valueOf('group', line) ?? (await kept('group', machine));
  return Promise.race([late, namesOf(resource, context, { registry, group }).catch(() => undefined)]);
}

const nowhere = { env: {}, configured: () => Promise.resolve(undefined) };

function valueOf(key: string, { options, given }: Line): string | undefined {
  const at = given.findIndex((word) => options[key]?.names.includes(word));
  return at < 0 ? undefined : given[at + 1];
}

async function kept(name: 'acr' | 'group', { env, home }: Machine): Promise<string | undefined> {
  return defaultFromEnvironment(env, name) ?? (await readDefaults(home))[name];
}
