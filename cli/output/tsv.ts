// Tab-separated values for scripts: one line per item, values in the order of their sorted keys,
// or in the order that a --query gave them.
import { isObject } from '../json-object.ts';
import { text } from './table.ts';

/** @returns undefined for an empty list, which is no line at all */
export function toTsv(result: unknown, sorted: boolean): string | undefined {
  const items: unknown[] = Array.isArray(result) ? result : [result];
  if (items.length === 0) return undefined;
  return items.map((item) => line(item, sorted)).join('\n');
}

function line(item: unknown, sorted: boolean): string {
  if (Array.isArray(item)) return item.map(cell).join('\t');
  // az writes a bare boolean in lower case and one inside a row as Python does.
  if (typeof item === 'boolean') return String(item);
  if (!isObject(item)) return cell(item);
  const names = sorted ? Object.keys(item).sort() : Object.keys(item);
  return names.map((name) => cell(item[name])).join('\t');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (Array.isArray(value)) return String(value.length);
  return typeof value === 'object' ? '' : text(value);
}
