// Finds the command that the first words name. Unknown words are refused in az's words, with the nearest known ones.
import { parserError } from './errors.ts';
import { notOffered } from './not-offered.ts';
import { didYouMean, nearest } from './parse/nearest.ts';
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
    if (!next)
      throw absent([...path.slice(1), word]) ?? unknown(word, path.join(' '), Object.keys(node.children));
    node = next;
    path.push(word);
  }
  return { path: path.join(' '), node, rest: words.slice(at) };
}

/** For a command of az that acrc does not have. */
function absent(words: readonly string[]): Error | undefined {
  const name = words.join(' ');
  const reason = Object.hasOwn(notOffered, name) ? notOffered[name] : undefined;
  return reason === undefined
    ? undefined
    : parserError(`'az acr ${name}' has no counterpart in acrc: ${reason}`);
}

function unknown(word: string, path: string, known: readonly string[]): Error {
  const near = nearest(word, known).map((name) => `${path} ${name}`);
  return parserError(
    `'${word}' is misspelled or not recognized by the system.`,
    didYouMean(near) ?? `See '${path} --help'.`,
  );
}
