// What is done to the words of a command before commander splits them, for what az can and commander cannot: more than one
// long name, names that are cut short, values that were forgotten, and groups of words that stay together.
import { parserError } from '../errors.ts';
import { groupSeparator, type Option, type Options, spelled } from './option.ts';

/** @throws CliError of kind `parser`, worded as az words it */
export function prepareWords(options: Options, words: readonly string[]): string[] {
  return joinGroups(options, refuseForgotten(options, withoutAliases(options, words)));
}

/** Commander knows one long and one short name; az's options may have more. */
function withoutAliases(options: Options, words: readonly string[]): string[] {
  const canonical = new Map(
    Object.values(options).flatMap(({ names }) => names.map((name) => [name, longName(names)] as const)),
  );
  return words.map((word) => {
    const [name, attached] = splitAttached(word);
    const long = canonical.get(name) ?? begun(canonical, name);
    if (long === undefined) return word;
    return attached === undefined ? long : `${long}=${attached}`;
  });
}

/** The option that a long name is the beginning of: az takes that, so scripts have it. @throws CliError when there are several */
function begun(canonical: ReadonlyMap<string, string>, beginning: string): string | undefined {
  if (!/^--./.test(beginning)) return undefined;
  const found = [...canonical].filter(([name]) => name.startsWith(beginning));
  if (new Set(found.map(([, long]) => long)).size > 1) {
    const names = found.map(([name]) => name).join(', ');
    throw parserError(`ambiguous option: ${beginning} could match ${names}`);
  }
  return found[0]?.[1];
}

/** Commander takes the next word whatever it is; `--name --registry x` means that the name was forgotten. */
function refuseForgotten(options: Options, words: readonly string[]): readonly string[] {
  const byName = new Map(Object.values(options).map((option) => [longName(option.names), option]));
  for (const [at, word] of words.entries()) {
    const option = byName.get(word);
    const next = splitAttached(words[at + 1] ?? '')[0];
    if (option?.arity === 'one' && byName.has(next)) throw expected(option);
  }
  return words;
}

/** Makes one word of each use of a `groups` or `steps` option, so that commander cannot mix two uses. */
function joinGroups(options: Options, words: readonly string[]): string[] {
  const grouped = new Map(
    Object.values(options)
      .filter(({ arity }) => arity === 'groups' || arity === 'steps')
      .flatMap((option) => option.names.map((name) => [name, option] as const)),
  );
  const joined: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [name, attached] = splitAttached(words[at]!);
    const option = grouped.get(name);
    if (!option) {
      joined.push(words[at]!);
      continue;
    }
    const first = at;
    const group = attached === undefined ? [] : [attached];
    while (at + 1 < words.length && !words[at + 1]!.startsWith('-')) group.push(words[++at]!);
    if (group.length === 0) throw expected(option);
    const place = option.arity === 'steps' ? [String(first)] : [];
    joined.push(name, [...place, ...group].join(groupSeparator));
  }
  return joined;
}

/** `--name=value` or `-n=value` in two. */
function splitAttached(word: string): [string, string?] {
  const equals = word.startsWith('-') ? word.indexOf('=') : -1;
  return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
}

/** az's words for an option whose value is missing. */
export function expected(option: Option<unknown>): Error {
  const count = option.arity === 'one' ? 'one argument' : 'at least one argument';
  return parserError(`argument ${spelled(option.names)}: expected ${count}`);
}

export function longName(names: readonly string[]): string {
  return names.find((name) => name.startsWith('--'))!;
}
