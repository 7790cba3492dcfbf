// Tables as az prints them: header, dashes, rows, two spaces between columns. A column is at least two wider than its
// header, and every cell is a left-aligned text.
// On a terminal that is too narrow, the widest cells are cut, the first column of a declared table last.
import { isObject } from '../json-object.ts';
import { fit, fitLine, type Kept, padded, widthOf } from './fit.ts';
import type { Screen } from './render.ts';
import type { View } from './view.ts';

/** Keys that say nothing to a person who looks at a table. */
const hidden = new Set(['id', 'type', 'etag']);
const headerPadding = 2;

type Row = ReadonlyMap<string, string>;

export interface TableShape {
  view: View | undefined;
  /** Columns in the order of their names; a --query gives its own order instead. */
  sorted: boolean;
  screen: Screen;
}

export function toTable(result: unknown, { view, sorted, screen }: TableShape): string {
  const items = view?.rows?.(result) ?? (Array.isArray(result) ? result : [result]);
  const rows = items.map((item) =>
    view?.columns ? declaredRow(item, view.columns) : guessedRow(item, sorted),
  );
  return render(rows, screen.columns, { first: view?.columns !== undefined, last: view?.keepsLast });
}

function declaredRow(item: unknown, columns: NonNullable<View['columns']>): Row {
  const cell = (value: unknown): string =>
    value === undefined || value === null || value === '' ? ' ' : text(value);
  return new Map(Object.entries(columns).map(([header, read]) => [header, cell(read(item))]));
}

/** One column per scalar key; what is not an object gets `Result`, what is a list `Column1`, `Column2` … */
function guessedRow(item: unknown, sorted: boolean): Row {
  if (Array.isArray(item)) return new Map(item.map((value, at) => [`Column${at + 1}`, text(value)]));
  if (!isObject(item)) return new Map([['Result', text(item)]]);
  const names = sorted ? Object.keys(item).sort() : Object.keys(item);
  const row = new Map<string, string>();
  for (const name of names) {
    const value = item[name];
    if (hidden.has(name) || value === null || typeof value === 'object') continue;
    row.set(name.charAt(0).toUpperCase() + name.slice(1), text(value));
  }
  return row;
}

function render(rows: readonly Row[], columns: number | undefined, kept: Kept): string {
  const headers = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  if (headers.length === 0) return '';
  const natural = headers.map((header) =>
    Math.max(widthOf(header) + headerPadding, ...rows.map((row) => widthOf(row.get(header) ?? ''))),
  );
  const widths = fit(natural, columns, kept);
  const whole = kept.last ? headers.length - 1 : undefined;
  const line = (cells: readonly string[]): string => {
    const shown = cells.map((cell, at) => (at === whole ? cell : padded(cell, widths[at]!))).join('  ');
    return fitLine(shown, kept.last ? undefined : columns).trimEnd();
  };
  return [
    line(headers),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map((row) => line(headers.map((header) => row.get(header) ?? ''))),
  ].join('\n');
}

/** A scalar as Python writes it, because az does. */
export function text(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
