// Finds the command that the first words name. Unknown words are refused in az's words, with the nearest known ones.
import { parserError } from './errors.ts';
import { isVerb, type Noun, program, type Verb } from './program.ts';

export interface Place {
  /** `acrc token create` */
  path: string;
  node: Verb | Noun;
  /** The words behind the path. */
  rest: string[];
}

/** @throws CliError of kind `parser` */
export function walk(words: readonly string[]): Place {
  let node: Verb | Noun = program;
  const path = ['acrc'];
  let at = 0;
  for (; at < words.length && !isVerb(node); at++) {
    const word = words[at]!;
    if (word.startsWith('-')) break;
    const next: Verb | Noun | undefined = Object.hasOwn(node.children, word)
      ? node.children[word]
      : undefined;
    if (!next) throw unknown(word, path.join(' '), Object.keys(node.children));
    node = next;
    path.push(word);
  }
  return { path: path.join(' '), node, rest: words.slice(at) };
}

function unknown(word: string, path: string, known: readonly string[]): Error {
  const near = known.filter((name) => distance(word, name) <= Math.ceil(name.length / 3));
  return parserError(
    `'${word}' is misspelled or not recognized by the system.`,
    near.length > 0
      ? `Did you mean ${near.map((name) => `'${path} ${name}'`).join(' or ')}?`
      : `See '${path} --help'.`,
  );
}

/** Levenshtein: how many letters to insert, delete or replace. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replace = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replace, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
