// Patterns in the place of repository names: what they match in the catalog is looked up, and shown, before anything is done.
// `*` and `?` stay within one part of a name, `**` crosses slashes, `[a-z]` and `{a,b}` are as in a shell.
import { posix } from 'node:path';
import type { Context } from '../context.ts';
import { failure } from '../errors.ts';
import type { RegistryClient } from './registry.ts';
import type { RegistryId } from './registry-id.ts';
import { readPages } from './registry-pages.ts';

const special = /[*?[\]{}]/;
/** What scope maps have themselves: it holds for repositories that come later, too. */
const wildcard = /^(\*|[^*?[\]{}]+\/\*)$/;
const shownMax = 20;

export function isPattern(name: string): boolean {
  return special.test(name);
}

/**
 * For scope maps, whose own wildcards stay as they are.
 * @returns names without other patterns, each once. @throws CliError for a pattern that matches nothing
 */
export function resolveForScopeMap(
  context: Context,
  registry: RegistryId,
  names: readonly string[],
): Promise<string[]> {
  return resolveIn(context, names, async () => readCatalog(await context.dataPlane(registry)));
}

/** The same among the names that `read` gives, which is asked only when there is a pattern. */
export async function resolveIn(
  context: Context,
  names: readonly string[],
  read: () => Promise<readonly string[]>,
): Promise<string[]> {
  const isResolved = (name: string): boolean => isPattern(name) && !wildcard.test(name);
  if (!names.some(isResolved)) return [...names];
  const all = await read();
  return [...new Set(names.flatMap((name) => (isResolved(name) ? matching(context, all, name) : [name])))];
}

/** All that `name` stands for: itself when it is no pattern. @throws CliError when it is one and matches nothing */
export async function resolveRepositories(
  context: Context,
  client: RegistryClient,
  name: string,
): Promise<string[]> {
  return isPattern(name) ? matching(context, await readCatalog(client), name) : [name];
}

function readCatalog(client: RegistryClient): Promise<string[]> {
  const request = { path: '/v2/_catalog', scope: 'registry:catalog:*', top: undefined };
  return readPages<string>(client, request, 'repositories');
}

function matching(context: Context, names: readonly string[], pattern: string): string[] {
  const found = names.filter((name) => posix.matchesGlob(name, pattern));
  if (found.length === 0) {
    throw failure(
      `No repository matches '${pattern}'.`,
      "'acrc repository list -n <registry>' shows the repositories there are; quote a pattern, so that the shell leaves it alone.",
    );
  }
  context.warn(`'${pattern}' matches ${found.length}: ${someOf(found)}`);
  return found;
}

/** As many names as a person reads, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const more = names.length > shownMax ? ` and ${names.length - shownMax} more` : '';
  return names.slice(0, shownMax).join(', ') + more;
}
