// From a command's result to the text on stdout: flattened, queried, formatted. The formats differ in what they need, and
// only that is loaded.
import type { OutputFormat } from '../parse/globals.ts';
import { flatten } from './flatten.ts';
import { colourJson, colourYaml } from './colour.ts';
import { sortKeys, toJson } from './json.ts';
import type { Query } from './query.ts';
import { toTable } from './table.ts';
import { toTsv } from './tsv.ts';
import type { View } from './view.ts';

export interface Rendering {
  format: OutputFormat;
  query: Query | undefined;
  view: View | undefined;
}

/** @returns the text without a final newline; undefined when there is nothing to print */
export async function render(
  result: unknown,
  { format, query, view }: Rendering,
): Promise<string | undefined> {
  if (result === undefined) return undefined;
  const shaped = flatten(result, view);
  const value = query ? query(sortKeys(shaped)) : shaped;
  if (value === null || value === undefined) return undefined;
  return formats[format](value, query ? undefined : view, query === undefined);
}

/** `sorted`: keys in their own order; a --query gives another. */
type Format = (value: unknown, view: View | undefined, sorted: boolean) => Promise<string | undefined>;

const formats: Readonly<Record<OutputFormat, Format>> = {
  none: async () => undefined,
  json: async (value) => toJson(value),
  jsonc: async (value) => colourJson(toJson(value), (await import('chalk')).default),
  table: async (value, view, sorted) => toTable(value, view, sorted),
  tsv: async (value, _, sorted) => toTsv(value, sorted),
  yaml: async (value) => (await import('./yaml.ts')).toYaml(value),
  yamlc: async (value) =>
    colourYaml((await import('./yaml.ts')).toYaml(value), (await import('chalk')).default),
};
