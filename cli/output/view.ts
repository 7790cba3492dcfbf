// How a kind of result is shown: which fields its JSON always has, and the columns of its table.
import { isObject } from '../json-object.ts';

/**
 * Fields that az prints as null when a resource does not have them, nested as in the flattened result. A list with one
 * entry says what each element of an array has.
 */
export type Fields = { readonly [name: string]: Fields | readonly [Fields] | null };

/** Header -> the cell of one (flattened) item; undefined shows as a blank. */
export type Columns = Readonly<Record<string, (item: unknown) => unknown>>;

export interface View {
  readonly fields?: Fields;
  /** What az calls a field otherwise than the service does: its path in the flattened result (through lists) -> its name. */
  readonly names?: Readonly<Record<string, string>>;
  readonly columns?: Columns;
  /** The last column is to be read or copied whole: a terminal that is too narrow wraps it. */
  readonly keepsLast?: boolean;
  /** The few resources whose `properties` az leaves where they are. */
  readonly keepsProperties?: boolean;
  /** Turns the result into the rows of the table when they are not simply its items. */
  rows?(result: unknown): readonly unknown[];
}

/** Reads `a.b.0` out of an item; undefined when something on the way is missing. */
export function at(item: unknown, path: string): unknown {
  let value = item;
  for (const name of path.split('.')) {
    if (Array.isArray(value)) value = value[Number(name)];
    else value = isObject(value) ? value[name] : undefined;
  }
  return value;
}

/** A column that shows `path` as it is. */
export function column(path: string): (item: unknown) => unknown {
  return (item) => at(item, path);
}

/** A column that shows a time as `YYYY-MM-DDTHH:MM:SSZ`, as az's tables do. */
export function timeColumn(path: string): (item: unknown) => unknown {
  return (item) => tableTime(at(item, path));
}

export function tableTime(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? value : time.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A column that shows the last segment of a resource id. */
export function lastSegmentColumn(path: string): (item: unknown) => unknown {
  return (item) => {
    const id = at(item, path);
    return typeof id === 'string' ? id.slice(id.lastIndexOf('/') + 1) : undefined;
  };
}

/** A list in an item; empty when there is none. */
export function listAt(item: unknown, path: string): readonly unknown[] {
  const value = at(item, path);
  return Array.isArray(value) ? value : [];
}

/** A text in an item; empty when there is none. */
export function textAt(item: unknown, path: string): string {
  const value = at(item, path);
  return typeof value === 'string' ? value : '';
}
