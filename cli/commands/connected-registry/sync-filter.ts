// `--sync-filter`: which tags and platforms a connected registry wants of its repositories. Written in place, or in a file;
// what it may say is the control plane's matter.
import { readFile } from 'node:fs/promises';
import { failure } from '../../errors.ts';
import { text } from '../../parse/option.ts';

const summary =
  "What it wants of its repositories, as JSON or YAML or as @file: rules like [{repository: 'app/*', tags: {include: ['v*'], " +
  "exclude: ['*-rc*'], newest: 5}, platforms: ['linux/amd64']}]. The first rule that names a repository decides; '' wants all.";

export const syncFilterOption = text('--sync-filter', summary);

/** @returns undefined when none is given, null when it is to be taken away. @throws CliError */
export async function readSyncFilter(given: string | undefined): Promise<unknown> {
  if (given === undefined) return undefined;
  const written = given.startsWith('@') ? await readFilterFile(given.slice(1)) : given;
  // Slow to load, and wanted by few.
  const { parse } = await import('yaml');
  const filter = parseWith(parse, written);
  if (filter === null || Array.isArray(filter)) return filter;
  throw failure(
    '--sync-filter is not a list of rules.',
    "Write it like [{repository: app, tags: {newest: 5}}], name a file as @filter.yaml, or give '' to have all.",
  );
}

async function readFilterFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw failure(`--sync-filter: the file '${file}' cannot be read: ${messageOf(error)}`);
  }
}

function parseWith(parse: (text: string) => unknown, written: string): unknown {
  try {
    return parse(written);
  } catch (error) {
    throw failure(`--sync-filter is neither JSON nor YAML: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
