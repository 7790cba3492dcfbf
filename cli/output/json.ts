// JSON as az prints it: two spaces, keys sorted at every level, nothing escaped that need not be.
import { isObject } from '../json-object.ts';

export function toJson(value: unknown): string {
  return JSON.stringify(sortKeys(value), undefined, 2);
}

/** Sorts keys by code point, as Python does, whatever the machine's language. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sortKeys(value[name])]));
}
