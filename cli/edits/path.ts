// Where an edit goes, in az's grammar: `tags.site`, `networkRuleSet.ipRules[0].action`, `ipRules[value=10.0.0.1].action`.
import { failure } from '../errors.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { parseValue } from './value.ts';

/** What is about to be sent, with the names of the resource's properties at its top. */
export interface Draft {
  readonly root: JsonObject;
  /** The names that the top may have, given or not. */
  readonly known: readonly string[];
}

/** @returns `foo.bar[0]` as `foo`, `bar`, `[0]` */
export function segmentsOf(path: string): string[] {
  return (
    path
      .replaceAll('.[', '[')
      .replaceAll('[', '.[')
      .match(/\[.*?\]|[^.]+/g) ?? []
  );
}

/** The number or the `key=value` of `[…]`; undefined for a name. */
export function indexOf(segment: string): string | undefined {
  return /^\[(.*)\]$/.exec(segment)?.[1];
}

/**
 * The value there; undefined when it is a known name that has none yet.
 * @throws CliError that says what there is instead
 */
export function reach(draft: Draft, path: readonly string[]): unknown {
  let value: unknown = draft.root;
  for (const [at, segment] of path.entries()) {
    value = step(value, segment, path.slice(0, at), draft);
    // A draft begins empty: what is below a name that has no value yet has none either.
    if (value === undefined) return undefined;
  }
  return value;
}

function step(value: unknown, segment: string, above: readonly string[], draft: Draft): unknown {
  const index = indexOf(segment);
  if (index !== undefined) {
    if (!Array.isArray(value)) throw notFound(value, segment, above, draft);
    return value[positionIn(value, index, above)];
  }
  if (isObject(value) && Object.hasOwn(value, segment)) return value[segment] ?? undefined;
  if (value === draft.root && draft.known.includes(segment)) return undefined;
  throw notFound(value, segment, above, draft);
}

/** @param index a number, or `key=value` that one element alone has */
export function positionIn(list: readonly unknown[], index: string, above: readonly string[]): number {
  const name = above.at(-1) ?? '';
  const [, key, value] = /^([^=]*)=(.*)$/s.exec(index) ?? [];
  if (key === undefined) {
    const position = Number(index);
    if (!Number.isInteger(position)) throw failure(`'${index}' is not the index of an element of ${name}`);
    if (position < 0 || position >= list.length) throw failure(`index ${index} doesn't exist on ${name}`);
    return position;
  }
  const wanted = parseValue(value!);
  const found = list.flatMap((each, at) => (isObject(each) && each[key] === wanted ? [at] : []));
  if (found.length > 1) {
    throw failure(`non-unique key '${key}' found multiple matches on ${name}. Key must be unique.`);
  }
  if (found.length === 0)
    throw failure(`item with value '${value}' doesn't exist for key '${key}' on ${name}`);
  return found[0]!;
}

/** az's sentence: what was looked for, where, and what is there. */
export function notFound(
  value: unknown,
  segment: string,
  above: readonly string[],
  { root, known }: Draft,
): Error {
  const parent = above.join('.').replaceAll('.[', '[');
  const what = `Couldn't find '${segment}' in '${parent}'.`;
  if (Array.isArray(value)) {
    return failure(
      `${what} Available options: index into the collection '${parent}' with [<index>] or [<key=value>]`,
    );
  }
  if (!isObject(value)) return failure(`${what} '${parent}' does not support further indexing.`);
  const names = value === root ? new Set([...known, ...Object.keys(root)]) : Object.keys(value);
  const options = [...names].sort().map((name) => `'${name}'`);
  return failure(`${what} Available options: [${options.join(', ')}]`);
}
