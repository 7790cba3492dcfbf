// From the words behind a command to typed option values. Commander splits the words; what az does differently is done
// here: all missing options in one sentence, az's wording, groups of words that stay together, defaults from elsewhere.
import { Command as Commander, CommanderError, Option as CommanderOption } from 'commander';
import { parserError } from '../errors.ts';
import { type Configured, type Option, type Options, spelled, type Values, type Words } from './option.ts';
import { expected, longName, prepareWords } from './words.ts';

/** Where values come from that are not on the command line. */
export interface Defaults {
  env: NodeJS.ProcessEnv;
  configured(name: Configured): Promise<string | undefined>;
}

/**
 * @param path the command as typed, e.g. `acrc token create`
 * @throws CliError of kind `parser`, worded as az words it
 */
export async function parseOptions<O extends Options>(
  path: string,
  options: O,
  words: readonly string[],
  defaults: Defaults,
): Promise<Values<O>>;
export async function parseOptions(
  path: string,
  options: Options,
  words: readonly string[],
  defaults: Defaults,
): Promise<Record<string, unknown>> {
  const given = splitWords(options, words);
  const missing: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(options)) {
    const found = given[key] ?? (await stored(option, defaults));
    if (found !== undefined) values[key] = readValue(path, option, found);
    else if (option.required) missing.push(spelled(option.names));
    else values[key] = option.fallback;
  }
  if (missing.length > 0) {
    throw parserError(`the following arguments are required: ${missing.join(', ')}`);
  }
  return values;
}

/** Declares `options` to commander, for parsing and for the help page alike. */
export function declareOptions(parser: Commander, options: Options, heading: string): void {
  for (const option of Object.values(options)) {
    parser.addOption(declare(option).hideHelp(option.hidden).helpGroup(heading));
  }
}

function declare(option: Option<unknown>): CommanderOption {
  const declared = new CommanderOption(flags(option), describe(option));
  // `--no-passwords` is az's name of a switch; to commander it would be the opposite of a `--passwords`.
  declared.negate = false;
  return declared;
}

function splitWords(options: Options, words: readonly string[]): Record<string, Words | undefined> {
  const parser = new Commander('acrc').exitOverride().configureOutput({ writeErr: () => {} });
  declareOptions(parser, options, 'Arguments');
  const rest = leftovers(parser, options, prepareWords(options, words));
  if (rest.length > 0) throw parserError(`unrecognized arguments: ${rest.join(' ')}`);
  const byAttribute = parser.opts<Record<string, Words>>();
  return Object.fromEntries(
    Object.entries(options).map(([key, option]) => [key, byAttribute[declare(option).attributeName()]]),
  );
}

function leftovers(parser: Commander, options: Options, words: string[]): string[] {
  try {
    const { operands, unknown } = parser.parseOptions(words);
    return [...operands, ...unknown];
  } catch (error) {
    if (!(error instanceof CommanderError) || error.code !== 'commander.optionMissingArgument') throw error;
    // Commander names the option inside its sentence only; the word that ends the line is the one without a value.
    const last = Object.values(options).find((option) => option.names.includes(words.at(-1) ?? ''));
    throw last ? expected(last) : parserError(error.message);
  }
}

async function stored(option: Option<unknown>, defaults: Defaults): Promise<string | undefined> {
  const fromEnvironment = option.env === undefined ? undefined : defaults.env[option.env];
  if (fromEnvironment) return fromEnvironment;
  return option.configured === undefined ? undefined : defaults.configured(option.configured);
}

function readValue(path: string, option: Option<unknown>, words: Words): unknown {
  try {
    return option.read(words);
  } catch (error) {
    // A sentence that begins with the value it refuses gets the command in front, as az does.
    throw error instanceof Error && error.message.startsWith("'")
      ? parserError(`${path}: ${error.message}`)
      : error;
  }
}

function flags({ names, arity }: Option<unknown>): string {
  const long = longName(names);
  const short = names.find((name) => !name.startsWith('--'));
  const placeholder = long.replace(/^-+/, '').split('-').at(-1)!;
  const value = {
    one: ` <${placeholder}>`,
    maybe: ` [${placeholder}]`,
    many: ` <${placeholder}...>`,
    groups: ` <${placeholder}...>`,
    any: ` [${placeholder}...]`,
    none: '',
  }[arity];
  return `${short === undefined ? '' : `${short}, `}${long}${value}`;
}

function fallbackOf({ fallback }: Option<unknown>): string {
  const shown = typeof fallback === 'string' || typeof fallback === 'number';
  return shown ? `Default: ${fallback}.` : '';
}

function describe(option: Option<unknown>): string {
  const notes = [
    option.required ? '[Required]' : '',
    option.summary,
    option.choices ? `Allowed values: ${option.choices.join(', ')}.` : '',
    fallbackOf(option),
    option.env === undefined ? '' : `Environment: ${option.env}.`,
  ];
  return notes.filter((note) => note !== '').join(' ');
}
