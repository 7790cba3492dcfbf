// What must change so that the estate is as the file says: a pure function of the file and of what there is.
import { isDeepStrictEqual } from 'node:util';
import { changed } from '../client/actions.ts';
import { failure } from '../errors.ts';
import { at } from '../output/view.ts';
import type { Desired } from './desired.ts';
import { type Field, type Kind, type KindName, kinds } from './kinds.ts';
import { text } from './text.ts';

export interface FieldChange {
  field: string;
  from: unknown;
  to: unknown;
}

export interface Change {
  action: 'create' | 'update' | 'delete';
  kind: KindName;
  name: string;
  registry: string | undefined;
  id: string;
  fields: FieldChange[];
}

/** What there is, by lower-cased path. */
export type Existing = ReadonlyMap<string, unknown>;

/** @throws CliError naming all that cannot be changed */
export function differenceOf(
  desired: readonly Desired[],
  existing: Existing,
  keepsMore: (one: Desired) => boolean,
): Change[] {
  const stuck: string[] = [];
  const changes = desired.flatMap((one): Change[] => {
    const found = existing.get(one.id.toLowerCase());
    const fields = changedFields(one, found, found !== undefined && one.sync === true && keepsMore(one));
    const { title, fields: declared }: Kind = kinds[one.kind];
    for (const { field, from, to } of found === undefined ? [] : fields) {
      if (!declared[field]?.fixed) continue;
      stuck.push(
        `The ${title} '${one.name}' has the ${field} ${text(from)} and not ${text(to)}, which cannot be changed.`,
      );
    }
    if (found !== undefined && fields.length === 0) return [];
    const { kind, name, registry, id } = one;
    return [{ action: found === undefined ? 'create' : 'update', kind, name, registry, id, fields }];
  });
  if (stuck.length === 0) return changes;
  throw failure(
    stuck.join('\n'),
    'Nothing was changed. Change the file, or delete these and apply it again.',
  );
}

function changedFields({ kind, fields }: Desired, found: unknown, keepsMore: boolean): FieldChange[] {
  const declared: Kind['fields'] = kinds[kind].fields;
  return Object.entries(declared).flatMap(([field, { at: path, compare }]) => {
    const from = found === undefined ? undefined : at(found, path);
    const to = keepsMore && field === 'actions' ? widened(from, fields[field]) : fields[field];
    if (to === undefined || same(from, to, compare)) return [];
    return [{ field, from: from ?? null, to }];
  });
}

/** Undefined: nothing to add. */
function widened(from: unknown, to: unknown): string[] | undefined {
  return changed(list(from).map(String), list(to).map(String), []);
}

function same(from: unknown, to: unknown, compare: Field['compare']): boolean {
  if (compare === 'id') return folded(from) === folded(to);
  if (compare === 'list') return isDeepStrictEqual(list(from), list(to));
  if (compare === 'ids' || compare === 'set') {
    const fold = compare === 'ids' ? folded : String;
    const [left, right] = [from, to].map((each) => [...new Set(list(each).map(fold))].sort());
    return JSON.stringify(left) === JSON.stringify(right);
  }
  return from === to;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
/** `West Europe` is `westeurope`. */
const folded = (value: unknown): string =>
  typeof value === 'string' ? value.toLowerCase().replaceAll(' ', '') : '';

/** The body of a PUT, or of a PATCH that changes just these fields. */
export function bodyOf({ action, kind, fields }: Change): Record<string, unknown> {
  const { fields: declared, defaults = {} }: Kind = kinds[kind];
  const body: Record<string, unknown> = {};
  const values = new Map(fields.map(({ field, to }) => [field, to]));
  if (action === 'create') {
    for (const [field, value] of Object.entries(defaults)) if (!values.has(field)) values.set(field, value);
  }
  for (const [field, value] of values) {
    const { at: path, patch } = declared[field]!;
    set(body, (action === 'update' ? (patch ?? path) : path).split('.'), value);
  }
  return body;
}

function set(target: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) target[name] = value;
  else set((target[name] ??= {}) as Record<string, unknown>, rest, value);
}
