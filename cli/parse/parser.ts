// From the words behind a command to typed option values. Commander splits the words; what az does differently is done
// here: all missing options in one sentence, az's wording, groups of words that stay together, defaults from elsewhere.
import { Argument, Command as Commander, CommanderError, Option as CommanderOption } from 'commander';
import { CliError, parserError } from '../errors.ts';
import { didYouMean, nearest } from './nearest.ts';
import { type Configured, type Option, type Options, spelled, type Values, type Words } from './option.ts';
import { expected, longName, prepareWords } from './words.ts';

/** Where values come from that are not on the command line. */
export interface Defaults {
  env: NodeJS.ProcessEnv;
  configured(name: Configured): Promise<string | undefined>;
  /** Asks a person, when something required is missing. Absent where nobody can be asked. */
  ask?: ((unanswered: Unanswered) => Promise<unknown>) | undefined;
}

/** What a person may be asked for. */
export interface Unanswered {
  /** Keys of the options that are required and have no value. */
  missing: readonly string[];
  /** Keys of all options that nobody gave a value. */
  absent: readonly string[];
  /** What is known, answers and defaults included. */
  values: Readonly<Record<string, unknown>>;
  /** Takes an answer. @throws CliError of kind `parser` */
  readonly read: (key: string, words: Words) => void;
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
  const absent: string[] = [];
  const values: Record<string, unknown> = {};
  const read = (key: string, words: Words): void =>
    void (values[key] = readValue(path, options[key]!, words));
  const missing = (): string[] => absent.filter((key) => options[key]!.required && values[key] === undefined);
  for (const [key, option] of Object.entries(options)) {
    const found = given[key] ?? (await stored(option, defaults));
    if (found !== undefined) read(key, found);
    else {
      absent.push(key);
      values[key] = option.fallback;
    }
  }
  if (missing().length > 0) await defaults.ask?.({ missing: missing(), absent, values, read });
  if (missing().length > 0) {
    const names = missing().map((key) => spelled(options[key]!.names));
    throw parserError(`the following arguments are required: ${names.join(', ')}`, `See '${path} --help'.`);
  }
  return values;
}

/** @returns by which name commander keeps what each option was given, by the option's key */
function declareOptions(parser: Commander, options: Options): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [key, option] of Object.entries(options)) {
    if (option.arity === 'operand') parser.addArgument(new Argument(`[${option.names[0]!}]`));
    else {
      const declared = declare(option);
      parser.addOption(declared);
      attributes.set(key, declared.attributeName());
    }
  }
  return attributes;
}

function declare(option: Option<unknown>): CommanderOption {
  const declared = new CommanderOption(flags(option));
  // `--no-passwords` is az's name of a switch; to commander it would be the opposite of a `--passwords`.
  declared.negate = false;
  return declared;
}

function splitWords(options: Options, words: readonly string[]): Record<string, Words | undefined> {
  const parser = new Commander('acrc').exitOverride().configureOutput({ writeErr: () => {} });
  const attributes = declareOptions(parser, options);
  const { operands, unknown } = leftovers(parser, options, prepareWords(options, words));
  const byAttribute = parser.opts<Record<string, Words>>();
  const given = Object.fromEntries(
    Object.entries(options).map(([key, option]) => [
      key,
      option.arity === 'operand' ? operands.shift() : byAttribute[attributes.get(key)!],
    ]),
  );
  const rest = [...operands, ...unknown];
  if (rest.length > 0) throw unrecognized(rest, options);
  return given;
}

function unrecognized(words: readonly string[], options: Options): Error {
  const names = Object.values(options).flatMap((option) => (option.hidden ? [] : option.names));
  const mistyped = words.find((word) => word.startsWith('--'))?.split('=')[0];
  const hint = mistyped === undefined ? undefined : didYouMean(nearest(mistyped, names));
  return parserError(`unrecognized arguments: ${words.join(' ')}`, hint);
}

function leftovers(
  parser: Commander,
  options: Options,
  words: string[],
): { operands: string[]; unknown: string[] } {
  try {
    return parser.parseOptions(words);
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
  // A variable of a script that was never set. An empty name would ask for all there are.
  if (words === '' && (option.required || option.configured !== undefined)) {
    throw parserError(`argument ${spelled(option.names)}: the value is empty`);
  }
  try {
    return option.read(words);
  } catch (error) {
    // A sentence that begins with the value it refuses gets the command in front, as az does.
    throw error instanceof CliError && error.message.startsWith("'")
      ? parserError(`${path}: ${error.message}`, error.hint)
      : error;
  }
}

/** What commander must know: one long and one short name, and how many words follow. */
function flags({ names, arity }: Option<unknown>): string {
  const short = names.find((name) => !name.startsWith('--'));
  const value = {
    one: ' <value>',
    maybe: ' [value]',
    many: ' <value...>',
    groups: ' <value...>',
    steps: ' <value...>',
    any: ' [value...]',
    none: '',
    operand: '',
  }[arity];
  return `${short === undefined ? '' : `${short}, `}${longName(names)}${value}`;
}
