// What may stand where the cursor is: a command, an option, one of its values. The shell's script (script.ts) asks through
// `acrc __complete` and shows what is printed. It never asks back and never complains: when nothing is known, nothing is offered, and the shell completes files.
import type { Machine } from '../context.ts';
import { globalsWithHelp } from '../parse/globals.ts';
import type { Option, Options } from '../parse/option.ts';
import { type Verb, isListed, isVerb, type Noun, program } from '../program.ts';

interface Candidate {
  word: string;
  /** One line, for shells that show one. */
  about?: string;
}

/**
 * @param words `=` and the word under the cursor, then the words between `acrc` and it
 * @returns a line for each word that may stand there: the word, a tab, what it is about
 */
export async function candidateLines(
  [current = '=', ...before]: readonly string[],
  machine: Machine,
): Promise<string> {
  const found = await complete(before, current.slice(1), machine);
  return found.map(({ word, about = '' }) => `${word}\t${about}\n`).join('');
}

async function complete(before: readonly string[], current: string, machine: Machine): Promise<Candidate[]> {
  // `--name=fact`: bash makes three words of it, the other shells one.
  const words = before.filter((word) => word !== '=');
  const [, option, value = ''] = /^(--[\w-]+)=(.*)$/.exec(current) ?? [];
  if (option !== undefined) {
    const values = await complete([...words, option], value, machine);
    return values.map(({ word, about = '' }) => ({ word: `${option}=${word}`, about }));
  }
  const start = current === '=' ? '' : current.toLowerCase();
  const { path, node, rest } = descend(words);
  const candidates = isVerb(node)
    ? await completeArguments({ path, options: await optionsOf(node), given: rest, current: start }, machine)
    : rest.length === 0
      ? childrenOf(node)
      : [];
  return candidates.filter(({ word }) => word.toLowerCase().startsWith(start));
}

interface Reached {
  path: string;
  node: Noun | Verb;
  /** The words behind it. */
  rest: readonly string[];
}

function descend(words: readonly string[]): Reached {
  let node: Noun | Verb = program;
  for (const [at, word] of words.entries()) {
    const next: Noun | Verb | undefined =
      !isVerb(node) && Object.hasOwn(node.children, word) ? node.children[word] : undefined;
    if (next === undefined) return { path: words.slice(0, at).join(' '), node, rest: words.slice(at) };
    node = next;
  }
  return { path: words.join(' '), node, rest: [] };
}

function childrenOf(noun: Noun): Candidate[] {
  return Object.entries(noun.children)
    .filter(([, child]) => isListed(child))
    .map(([word, { summary }]) => ({ word, about: summary }));
}

async function optionsOf(verb: Verb): Promise<Options> {
  return { ...(await verb.load()).default.options, ...globalsWithHelp };
}

interface Arguments {
  path: string;
  options: Options;
  given: readonly string[];
  current: string;
}

async function completeArguments(
  { path, options, given, current }: Arguments,
  machine: Machine,
): Promise<Candidate[]> {
  const open = current.startsWith('-') ? undefined : optionAt(options, given);
  if (open?.choices) return open.choices.map((word) => ({ word }));
  if (open?.resource !== undefined) {
    const { knownNames } = await import('./known-names.ts');
    const names = await knownNames(open.resource, { path, options, given }, machine);
    return (names ?? []).map((word) => ({ word }));
  }
  const operand = Object.values(options).find(({ arity }) => arity === 'operand');
  if (operand?.choices && given.length === 0 && !current.startsWith('-'))
    return operand.choices.map((word) => ({ word }));
  const waiting = open !== undefined && given.at(-1)?.startsWith('-') && open.arity !== 'maybe';
  return waiting ? [] : unused(options, given);
}

/** The option whose value stands at the end of `given`. */
function optionAt(options: Options, given: readonly string[]): Option<unknown> | undefined {
  const at = given.findLastIndex((word) => word.startsWith('-'));
  const option = Object.values(options).find(({ names }) => names.includes(given[at] ?? ''));
  if (option === undefined || option.arity === 'none') return undefined;
  const follows = given.length - 1 - at;
  // Of a group, the first word names and the others are actions.
  const takesMore = option.arity === 'many' || option.arity === 'any';
  return follows === 0 || takesMore ? option : undefined;
}

/** Options that may stand on a line again. */
const repeatable: ReadonlySet<Option<unknown>['arity']> = new Set(['groups', 'steps']);

/** Each option by its long name; one that was given already may not be given again, unless it takes several values. */
function unused(options: Options, given: readonly string[]): Candidate[] {
  return Object.values(options)
    .filter(({ hidden, arity }) => !hidden && arity !== 'operand')
    .filter(({ names, arity }) => repeatable.has(arity) || !names.some((name) => given.includes(name)))
    .map(({ names, summary }) => ({ word: names.find((name) => name.startsWith('--'))!, about: summary }));
}
