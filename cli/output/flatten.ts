// ARM nests what matters under `properties`; az lifts it to the top, adds the resource group next to every id and shows
// absent model fields as null. Scripts written for az rely on that shape.
import { isObject, type JsonObject } from '../json-object.ts';
import type { Fields, View } from './view.ts';

/** @param view its fields, when absent, become null */
export function flatten(value: unknown, view: View = {}): unknown {
  if (Array.isArray(value)) return value.map((item) => flatten(item, view));
  if (!isObject(value)) return value;
  const lifted = view.keepsProperties ? value : lift(value);
  const shaped = withNulls(withGroups(lifted), view.fields ?? {});
  return Object.entries(view.names ?? {}).reduce<unknown>(
    (named, [path, name]) => renamed(named, path.split('.'), name),
    shaped,
  );
}

function renamed(value: unknown, [head = '', ...rest]: readonly string[], name: string): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => renamed(each, [head, ...rest], name));
  if (!isObject(value) || !(head in value)) return value;
  const { [head]: inner, ...others } = value;
  return rest.length === 0 ? { ...others, [name]: inner } : { ...others, [head]: renamed(inner, rest, name) };
}

/** Lifts the content of `properties`; a name that is taken above gets the prefix az gives it, `typePropertiesType`. */
function lift(resource: JsonObject): JsonObject {
  const { properties, ...envelope } = resource;
  if (!isObject(properties)) return resource;
  const lifted: JsonObject = { ...envelope };
  for (const [name, value] of Object.entries(properties)) {
    lifted[name in envelope ? `${name}Properties${capital(name)}` : name] = value;
  }
  return lifted;
}

/** The id of something in a resource group; the group itself is not in one. */
const idInGroup = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/[^/]+\/[^/]+\/./i;

function withGroups(value: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) result[name] = inGroups(inner);
  const group = typeof value.id === 'string' ? idInGroup.exec(value.id)?.[1] : undefined;
  if (group !== undefined && !('resourceGroup' in result)) result.resourceGroup = group;
  return result;
}

function inGroups(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inGroups);
  return isObject(value) ? withGroups(value) : value;
}

function withNulls(value: JsonObject, fields: Fields): JsonObject {
  const result = { ...value };
  for (const [name, inner] of Object.entries(fields)) {
    const present = result[name] ?? null;
    result[name] = inner === null ? present : nullsInside(present, inner);
  }
  return result;
}

function nullsInside(present: unknown, inner: Fields | readonly [Fields]): unknown {
  const [element] = isList(inner) ? inner : [];
  if (element === undefined) return isObject(present) && !isList(inner) ? withNulls(present, inner) : present;
  return Array.isArray(present)
    ? present.map((item: unknown) => (isObject(item) ? withNulls(item, element) : item))
    : present;
}

function isList(inner: Fields | readonly [Fields]): inner is readonly [Fields] {
  return Array.isArray(inner);
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
