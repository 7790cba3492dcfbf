// From the text of a file to an estate: whatever is wrong is told with its line, all of it at once.
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { failure } from '../errors.ts';
import { type Estate, estateSchema } from './schema.ts';

export const estateBytesMax = 4 * 1024 * 1024;
const problemsShown = 20;

interface Problem {
  line: number;
  text: string;
}
type Path = readonly (string | number)[];

/** @param file how the user named it @throws CliError with a line per problem */
export function readEstate(text: string, file: string): Estate {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors.map(({ pos, message }) => ({
    line: lines.linePos(pos[0]).line,
    text: message,
  }));
  if (broken.length > 0) throw refused(file, broken);
  const lineOf = (path: Path): number => lineAt(document, lines, path);
  const result = estateSchema.safeParse(document.toJS() ?? {});
  if (!result.success) {
    throw refused(
      file,
      result.error.issues.map((issue) => describeIssue(issue, lineOf)),
    );
  }
  const problems = contradictions(result.data, lineOf);
  if (problems.length > 0) throw refused(file, problems);
  return result.data;
}

function refused(file: string, problems: readonly Problem[]) {
  const sorted = problems.toSorted((left, right) => left.line - right.line);
  const shown = sorted.slice(0, problemsShown).map(({ line, text }) => `${file}:${line}: ${text}`);
  if (sorted.length > problemsShown) shown.push(`… and ${sorted.length - problemsShown} more.`);
  return failure(shown.join('\n'), 'Nothing was changed. docs/estate.md shows what a file may say.');
}

function describeIssue(issue: z.core.$ZodIssue, lineOf: (path: Path) => number): Problem {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const where = unknown === undefined ? path : [...path, unknown];
  return { line: lineOf(where), text: `${where.join('.') || 'file'}: ${issue.message}` };
}

/** Of what stands at `path`, or of the nearest thing around it. */
function lineAt(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** Names are compared without case, as ARM does. */
function contradictions({ groups = [], registries = [] }: Estate, lineOf: (path: Path) => number): Problem[] {
  const problems: Problem[] = [];
  const once = (what: string, list: readonly { name: string }[], path: Path): void => {
    const seen = new Set<string>();
    for (const [index, { name }] of list.entries()) {
      const text = `the ${what} '${name}' is declared twice`;
      if (seen.has(name.toLowerCase())) problems.push({ line: lineOf([...path, index]), text });
      seen.add(name.toLowerCase());
    }
  };
  once('group', groups, ['groups']);
  once('registry', registries, ['registries']);
  for (const [index, { scopeMaps = [], tokens = [], connectedRegistries = [] }] of registries.entries()) {
    const path = ['registries', index];
    const syncs = connectedRegistries.map(({ name }) => ({ name }));
    once('scope map', [...scopeMaps, ...syncs], [...path, 'scopeMaps']);
    once('token', [...tokens, ...syncs], [...path, 'tokens']);
    const above = new Map(
      connectedRegistries.map((each) => [each.name.toLowerCase(), each.parent?.toLowerCase()]),
    );
    for (const [at, { name }] of connectedRegistries.entries()) {
      if (!isBelowItself(name.toLowerCase(), above)) continue;
      const text = `the connected registry '${name}' is below itself`;
      problems.push({ line: lineOf([...path, 'connectedRegistries', at]), text });
    }
  }
  return problems;
}

function isBelowItself(name: string, above: ReadonlyMap<string, string | undefined>): boolean {
  let next = above.get(name);
  for (let steps = 0; next !== undefined && steps <= above.size; steps++) {
    if (next === name) return true;
    next = above.get(next);
  }
  return false;
}
