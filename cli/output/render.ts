// From a command's result to the text on stdout: flattened, queried, formatted. The formats differ in what they need, and
// only that is loaded.
import type { OutputFormat } from '../parse/globals.ts';
import { flatten } from './flatten.ts';
import { sortKeys, toJson } from './json.ts';
import type { Query } from './query.ts';
import { toTable } from './table.ts';
import { toTsv } from './tsv.ts';
import type { View } from './view.ts';

export interface Rendering {
  format: OutputFormat;
  query: Query | undefined;
  view: View | undefined;
  /** Absent: a pipe. */
  screen?: Screen;
}

/** Where the text is shown. */
export interface Screen {
  /** Undefined: lines may be of any length. */
  columns: number | undefined;
  colour: boolean;
  terminal: boolean;
}

const pipe: Screen = { columns: undefined, colour: false, terminal: false };

/** @returns the text without a final newline; undefined when there is nothing to print */
export async function render(
  result: unknown,
  { format, query, view, screen = pipe }: Rendering,
): Promise<string | undefined> {
  if (result === undefined) return undefined;
  const shaped = flatten(result, view);
  const value = query ? query(sortKeys(shaped)) : shaped;
  if (value === null || value === undefined) return undefined;
  return formats[format](value, { view: query ? undefined : view, sorted: query === undefined, screen });
}

interface Shape {
  view: View | undefined;
  /** Keys in their own order; a --query gives another. */
  sorted: boolean;
  screen: Screen;
}

type Format = (value: unknown, shape: Shape) => Promise<string | undefined>;

const yaml = async (value: unknown): Promise<string> => (await import('./yaml.ts')).toYaml(value);

/**
 * `jsonc` and `yamlc` are coloured wherever colour is wanted, `json` and `yaml` on a terminal only: a FORCE_COLOR in the
 * environment must not reach a program that reads JSON.
 */
const formats: Readonly<Record<OutputFormat, Format>> = {
  none: async () => undefined,
  json: async (value, { screen }) => inColour('json', toJson(value), screen.colour && screen.terminal),
  jsonc: async (value, { screen }) => inColour('json', toJson(value), screen.colour),
  table: async (value, { view, sorted, screen }) => toTable(value, { view, sorted, screen }),
  tsv: async (value, { sorted }) => toTsv(value, sorted),
  yaml: async (value, { screen }) => inColour('yaml', await yaml(value), screen.colour && screen.terminal),
  yamlc: async (value, { screen }) => inColour('yaml', await yaml(value), screen.colour),
};

async function inColour(language: 'json' | 'yaml', text: string, wanted: boolean): Promise<string> {
  if (!wanted) return text;
  const { colourOf } = await import('./colour.ts');
  return colourOf[language](text);
}
