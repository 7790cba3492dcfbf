// A scope map's actions as strings: how rules given on the command line become them, and which ones a connected registry
// needs.
import { gatewayActions, repositoryActions } from '../../registry-node/oci/scope.ts';
import { failure } from '../errors.ts';
import type { Mode } from './resources.ts';

type Kind = 'repositories' | 'gateway';
const valid: Readonly<Record<Kind, readonly string[]>> = {
  repositories: repositoryActions,
  gateway: gatewayActions,
};

/** What a connected registry of each mode may do with the repositories it synchronises. */
const actionsOfMode: Readonly<Record<Mode, readonly string[]>> = {
  ReadOnly: ['content/read', 'metadata/read'],
  ReadWrite: repositoryActions,
};

export interface Rules {
  /** `[name, action, action…]` for each use of the option. */
  repository: string[][] | undefined;
  gateway: string[][] | undefined;
}

/** @throws CliError for a rule without an action, or with an unknown one */
export function actionsOf({ repository, gateway }: Rules): string[] {
  return [...rulesToActions('repositories', repository ?? []), ...rulesToActions('gateway', gateway ?? [])];
}

function rulesToActions(kind: Kind, rules: readonly string[][]): string[] {
  const actions = rules.flatMap(([name = '', ...names]) => {
    if (names.length === 0) {
      throw failure(
        `At least one action must be specified with "${name}".`,
        `Valid actions are ${listed(kind)}.`,
      );
    }
    return names.map((action) => toAction(kind, name, action));
  });
  return [...new Set(actions)];
}

function toAction(kind: Kind, name: string, action: string): string {
  const lower = action.toLowerCase();
  if (!valid[kind].includes(lower)) {
    throw failure(`Invalid action "${action}" provided. \nValid actions are ${listed(kind)}.`);
  }
  return `${kind}/${name.toLowerCase()}/${lower}`;
}

function listed(kind: Kind): string {
  return `{${valid[kind].map((action) => `'${action}'`).join(', ')}}`;
}

export function repositoriesForMode(repositories: readonly string[], mode: Mode): string[] {
  return rulesToActions(
    'repositories',
    repositories.map((name) => [name, ...actionsOfMode[mode]]),
  );
}

export function everythingOn(repositories: readonly string[]): string[] {
  return repositoriesForMode(repositories, 'ReadWrite');
}

/** The names that rules are about, each once. */
export function repositoriesIn(actions: readonly string[]): string[] {
  const names = actions.flatMap((action) => /^repositories\/(.+)\/[^/]+\/[^/]+$/.exec(action)?.[1] ?? []);
  return [...new Set(names)];
}

export function gatewayFor(connectedRegistry: string): string[] {
  return rulesToActions('gateway', [[connectedRegistry, ...gatewayActions]]);
}

/** (current ∪ add) − remove, in a stable order; undefined when that changes nothing. */
export function changed(
  current: readonly string[],
  add: readonly string[],
  remove: readonly string[],
): string[] | undefined {
  const gone = new Set(remove);
  const next = [...new Set([...current, ...add])].filter((item) => !gone.has(item));
  const same = next.length === current.length && next.every((item) => current.includes(item));
  return same ? undefined : next;
}

export function sameActions(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((action) => other.includes(action));
}

/** A list as az prints it in an error: Python's own notation, sorted. */
export function pythonList(items: Iterable<string>): string {
  return `[${[...items]
    .sort()
    .map((item) => `'${item}'`)
    .join(', ')}]`;
}

/** @throws CliError when something is both added and removed */
export function refuseOverlap(
  what: string,
  flags: string,
  add: readonly string[],
  remove: readonly string[],
): void {
  const both = add.filter((item) => remove.includes(item));
  if (both.length === 0) return;
  throw failure(
    `Update ambiguity. Duplicate ${what} were provided with ${flags} arguments.\n${pythonList(new Set(both))}`,
  );
}
