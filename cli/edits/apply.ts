// `--set`, `--add` and `--remove` of the update commands: what is about to be sent is edited, one edit after the other, in the
// order in which they stand on the line.
import { failure } from '../errors.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { type Draft, indexOf, notFound, positionIn, reach, segmentsOf } from './path.ts';
import { parseValue } from './value.ts';

export type Kind = 'set' | 'add' | 'remove';
export interface Edit {
  kind: Kind;
  words: readonly string[];
}

export interface EditOptions {
  /** The names of the resource's properties that an update may have. */
  known: readonly string[];
  /** Of these, the ones that hold nothing but texts by name: `tags.line=2` is a text there. */
  texts: readonly string[];
  /** Words are texts, whatever they look like. */
  forceString: boolean;
  warn: (text: string) => void;
}

/** As az says them when an edit makes no sense. */
const usage: Readonly<Record<Kind, string>> = {
  set: '--set property1.property2=<value>',
  add: '--add property.listProperty <key=value, string or JSON string>',
  remove: '--remove property.list <indexToRemove> OR --remove propertyToRemove',
};

/** @returns a new body. @throws CliError worded as az words it */
export function applyEdits(body: JsonObject, edits: readonly Edit[], options: EditOptions): JsonObject {
  const root = structuredClone(body);
  const draft: Draft = { root, known: options.known };
  for (const { kind, words } of edits) {
    if (kind === 'set') for (const word of words) set(draft, word, options);
    else if (kind === 'add') add(draft, words, options);
    else remove(draft, words);
  }
  // What has no value is not sent.
  return Object.fromEntries(
    Object.entries(root).filter(([, value]) => value !== null && value !== undefined),
  );
}

function set(draft: Draft, word: string, options: EditOptions): void {
  const [key, text] = splitAtEquals(word);
  if (key.trim() === '') {
    throw failure('usage error: Empty key in --set. Correct syntax: --set KEY=VALUE [KEY=VALUE ...]');
  }
  if (text === undefined) throw invalid('set');
  const path = segmentsOf(key);
  const name = path.pop();
  if (name === undefined) throw invalid('set');
  const literal = options.forceString || (options.texts.includes(path[0] ?? '') && path.length === 1);
  put(draft, path, name, literal ? text : parseValue(text), options);
}

/** Makes the objects above it that have no value yet. */
function put(
  draft: Draft,
  path: readonly string[],
  name: string,
  value: unknown,
  { warn }: EditOptions,
): void {
  const parent = reach(draft, path) ?? makeObjects(draft, path);
  const index = indexOf(name);
  if (Array.isArray(parent) && index !== undefined) parent[positionIn(parent, index, path)] = value;
  else if (!isObject(parent) || index !== undefined) throw notFound(parent, name, path, draft);
  else {
    if (parent === draft.root && !draft.known.includes(name)) {
      warn(`Property '${name}' not found on root. Send it as an additional property .`);
    }
    parent[name] = value;
  }
}

function makeObjects(draft: Draft, path: readonly string[]): JsonObject {
  let object = draft.root;
  for (const [at, segment] of path.entries()) {
    if (indexOf(segment) !== undefined) throw notFound(undefined, segment, path.slice(0, at), draft);
    const below = Object.hasOwn(object, segment) ? object[segment] : undefined;
    const made: JsonObject = isObject(below) ? below : {};
    object[segment] = made;
    object = made;
  }
  return object;
}

function add(draft: Draft, [place = '', ...words]: readonly string[], options: EditOptions): void {
  const path = segmentsOf(place);
  const name = path.at(-1);
  if (name === undefined) throw invalid('add');
  if (reach(draft, path) === undefined) put(draft, path.slice(0, -1), name, [], options);
  const list = reach(draft, path);
  if (!Array.isArray(list)) throw invalid('add');
  let object: JsonObject | undefined;
  for (const word of words) {
    const [key, text] = splitOnce(word);
    if (text !== undefined) {
      // Pairs that follow each other are one object.
      if (object === undefined) list.push((object = {}));
      object[key] = text;
    } else {
      object = undefined;
      list.push(options.forceString ? word : parseValue(word));
    }
  }
}

function remove(draft: Draft, [place = '', index]: readonly string[]): void {
  const path = segmentsOf(place);
  const name = path.at(-1);
  if (name === undefined) throw invalid('remove');
  const value = reach(draft, path);
  if (index !== undefined) {
    if (!Array.isArray(value)) throw failure(`${name} doesn't exist`);
    if (!/^-?\d+$/.test(index)) throw invalid('remove');
    value.splice(positionIn(value, index, path), 1);
    return;
  }
  const parent = reach(draft, path.slice(0, -1));
  if (!isObject(parent)) throw invalid('remove');
  // A list that is taken from a resource leaves an empty one there; what is not sent would stay.
  if (parent === draft.root && Array.isArray(value)) parent[name] = [];
  else delete parent[name];
}

function invalid(kind: Kind): Error {
  return failure(`invalid syntax: ${usage[kind]}`);
}

/** At the first `=` that is not in brackets. */
function splitAtEquals(word: string): [string, string?] {
  const key = /^(?:\[[^\]]*\]|[^=])*/.exec(word)![0];
  return word.length === key.length ? [word] : [key, word.slice(key.length + 1)];
}

function splitOnce(word: string): [string, string?] {
  const at = word.indexOf('=');
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}
