// One option of a command, declared as a value: how it is written, what it means, and how its words become a typed value.
// The declaration drives parsing, az's error texts and the help page; a command's `run` receives parsed values only.
import { parserError } from '../errors.ts';
import { didYouMean, nearest } from './nearest.ts';

/** What commander hands over: one word, several, or the bare flag. */
export type Words = string | string[] | true;

/**
 * `one` word · `many` words · `any` number of words · `groups`: repeatable, many words each · `steps`: groups
 * that know their place on the line · `maybe` one · `none` · `operand`: one word that stands without a name
 */
export type Arity = 'one' | 'many' | 'any' | 'groups' | 'steps' | 'maybe' | 'none' | 'operand';

/** A default that the user keeps in the configuration: `acrc configure --defaults acr=… group=…`. */
export type Configured = 'acr' | 'group' | 'location';

/** What a value names that the control plane knows: completed by Tab, and chosen from a list on a terminal. */
export type Resource = 'registry' | 'group' | 'connected-registry' | 'token' | 'scope-map' | 'repository';

/** How a value is asked for that is neither a name nor a choice (cli/ask/). */
export type Question = 'parent' | 'schedule' | 'window' | 'secret';

export interface Option<T> {
  /** `--registry -r`: as az names it in errors, long name first. */
  readonly names: readonly string[];
  readonly summary: string;
  readonly arity: Arity;
  readonly required: boolean;
  readonly fallback: T | undefined;
  readonly choices: readonly string[] | undefined;
  readonly configured: Configured | undefined;
  /** Environment variable that stands in for the option. */
  readonly env: string | undefined;
  readonly hidden: boolean;
  readonly resource: Resource | undefined;
  readonly ask: Question | undefined;
  /** @throws CliError of kind `parser` */
  read(words: Words): T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;
/** The parsed values of a set of options. */
export type Values<O extends Options> = { [K in keyof O]: O[K] extends Option<infer T> ? T : never };

export interface Settings<T> {
  required?: boolean;
  fallback?: T;
  configured?: Configured;
  env?: string;
  hidden?: boolean;
  resource?: Resource;
  ask?: Question;
}

/** The type an option has once parsed: it may be absent unless it is required or has a fallback. */
type Given<T, S> = S extends { required: true } | { fallback: unknown } ? T : T | undefined;

/** One word, as written. */
export function text<const S extends Settings<string>>(
  names: string,
  summary: string,
  settings?: S,
): Option<Given<string, S>> {
  return option(names, summary, 'one', settings, (words) => single(words));
}

/** One of a few words, in any case; the value has the listed spelling. */
export function choice<const C extends string, const S extends Settings<C>>(
  names: string,
  summary: string,
  choices: readonly C[],
  settings?: S,
): Option<Given<C, S>> {
  const read = (words: Words): C => oneOf(names, choices, single(words));
  return { ...option<C, S>(names, summary, 'one', settings, read), choices };
}

/** A word that stands without a name. @param name what help calls it, e.g. `MANIFEST_ID` */
export function operand(name: string, summary: string): Option<string | undefined> {
  return option(name, summary, 'operand', undefined, single);
}

/** One of a few words, without a name of its own, and required. */
export function choiceOperand<const C extends string>(
  name: string,
  summary: string,
  choices: readonly C[],
): Option<C> {
  const read = (words: Words): C => oneOf(name, choices, single(words));
  return { ...option<C, { required: true }>(name, summary, 'operand', { required: true }, read), choices };
}

/** Present or not. */
export function flag(names: string, summary: string, settings?: { hidden?: boolean }): Option<boolean> {
  return option(names, summary, 'none', { ...settings, fallback: false }, () => true);
}

/** `--x`, `--x true`, `--x false`: absent means "leave it as it is". */
export function threeState(names: string, summary: string): Option<boolean | undefined> {
  const choices = ['true', 'false'] as const;
  const read = (words: Words): boolean => words === true || oneOf(names, choices, single(words)) === 'true';
  return { ...option(names, summary, 'maybe', undefined, read), choices };
}

/** At least one word. */
export function list<const S extends Settings<string[]>>(
  names: string,
  summary: string,
  settings?: S,
): Option<Given<string[], S>> {
  return option(names, summary, 'many', settings, several);
}

/** At least one of a few words, each in any case. */
export function choiceList<const C extends string, const S extends Settings<C[]>>(
  names: string,
  summary: string,
  choices: readonly C[],
  settings?: S,
): Option<Given<C[], S>> {
  const read = (words: Words): C[] => several(words).map((word) => oneOf(names, choices, word));
  return { ...option<C[], S>(names, summary, 'many', settings, read), choices };
}

/** Any number of words, none included. */
export function listOrNone(
  names: string,
  summary: string,
  settings?: Pick<Settings<string[]>, 'resource'>,
): Option<string[] | undefined> {
  return option(names, summary, 'any', settings, several);
}

/** `--repository R A1 A2 --repository S A3`: each use is a group of its own. */
export function groups(
  names: string,
  summary: string,
  settings?: Pick<Settings<string[][]>, 'hidden' | 'resource'>,
): Option<string[][] | undefined> {
  return option(names, summary, 'groups', settings, (words) =>
    several(words).map((group) => group.split(groupSeparator)),
  );
}

/** Words that are one of several things to do, one after the other, by different options. */
export interface Step {
  /** Its place among the words of the command. */
  at: number;
  words: string[];
}

/** `--set A B --remove C`: each use is a step of its own. */
export function steps(names: string, summary: string): Option<Step[] | undefined> {
  return option(names, summary, 'steps', undefined, (given) =>
    several(given).map((group) => {
      const [at, ...words] = group.split(groupSeparator);
      return { at: Number(at), words };
    }),
  );
}

/** The same option for what is about to be made: no name that there is already is offered for it. */
export function fresh<T>(option: Option<T>): Option<T> {
  return { ...option, resource: undefined };
}

/** A whole number within bounds. */
export function integer<const S extends Settings<number>>(
  names: string,
  summary: string,
  bounds: { min: number; max: number },
  settings?: S,
): Option<Given<number, S>> {
  return option(names, summary, 'one', settings, (words) => {
    const value = Number(single(words));
    if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return value;
    throw parserError(
      `argument ${spelled(names)}: '${single(words)}' is not a whole number from ${bounds.min} to ${bounds.max}`,
    );
  });
}

/** The words of one group travel through commander as one word; no argument of a process can hold a NUL. */
export const groupSeparator = '\0';

/** `--registry/-r`, as az writes an option in errors. */
export function spelled(names: string | readonly string[]): string {
  return (typeof names === 'string' ? names.split(' ') : names).join('/');
}

function option<T, S extends Settings<T>>(
  names: string,
  summary: string,
  arity: Arity,
  settings: S | undefined,
  read: (words: Words) => T,
): Option<Given<T, S>> {
  return {
    names: names.split(' '),
    summary,
    arity,
    required: settings?.required ?? false,
    fallback: settings?.fallback,
    choices: undefined,
    configured: settings?.configured,
    env: settings?.env,
    hidden: settings?.hidden ?? false,
    resource: settings?.resource,
    ask: settings?.ask,
    read,
  };
}

function single(words: Words): string {
  if (words === true) return '';
  return typeof words === 'string' ? words : (words.at(-1) ?? '');
}

function several(words: Words): string[] {
  if (words === true) return [];
  return typeof words === 'string' ? [words] : words;
}

function oneOf<C extends string>(names: string, choices: readonly C[], word: string): C {
  const found = choices.find((choice) => choice.toLowerCase() === word.toLowerCase());
  if (found !== undefined) return found;
  const long = names.split(' ')[0]!;
  throw parserError(
    `'${word}' is not a valid value for '${long}'. Allowed values: ${choices.join(', ')}.`,
    didYouMean(nearest(word, choices)),
  );
}
