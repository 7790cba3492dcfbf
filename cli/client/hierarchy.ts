// Connected registries form a tree. Whoever is below another reaches the cloud through it, so the sync scope map of every
// ancestor must allow what its descendants need.
import { failure } from '../errors.ts';
import type { Context } from '../context.ts';
import { changed } from './actions.ts';
import type { Arm } from './arm.ts';
import { nameOf } from './registry-id.ts';
import type { ConnectedRegistry, ScopeMap, Token } from './resources.ts';

/** Deeper than any real estate; a tree with a loop must not hang a command. */
const depthMax = 100;

export class Hierarchy {
  readonly all: readonly ConnectedRegistry[];

  constructor(all: readonly ConnectedRegistry[]) {
    this.all = all;
  }

  /** Names are compared without case, as ARM does. */
  find(name: string): ConnectedRegistry | undefined {
    return this.all.find((one) => one.name.toLowerCase() === name.toLowerCase());
  }

  parentOf({ properties }: ConnectedRegistry): ConnectedRegistry | undefined {
    return properties.parent.id ? this.find(nameOf(properties.parent.id)) : undefined;
  }

  /** From the parent to the root. */
  ancestors(of: ConnectedRegistry): ConnectedRegistry[] {
    const found: ConnectedRegistry[] = [];
    let next = this.parentOf(of);
    for (; next && found.length < depthMax; next = this.parentOf(next)) found.push(next);
    return found;
  }

  children(of: ConnectedRegistry): ConnectedRegistry[] {
    return this.all.filter((one) => this.parentOf(one) === of);
  }

  /** Every branch, each parent before its children. */
  descendants(of: ConnectedRegistry, depth = 0): ConnectedRegistry[] {
    if (depth === depthMax) return [];
    const branches = this.children(of).map((child) => [child].concat(this.descendants(child, depth + 1)));
    return branches.flat();
  }
}

export async function readHierarchy(arm: Arm, collectionPath: string): Promise<Hierarchy> {
  return new Hierarchy(await arm.list<ConnectedRegistry>(collectionPath));
}

/** The sync token of a connected registry and its scope map. */
export async function readSync(
  arm: Arm,
  one: ConnectedRegistry,
): Promise<{ token: Token; scopeMap: ScopeMap }> {
  const token = await arm.get<Token>(one.properties.parent.syncProperties.tokenId);
  return { token, scopeMap: await arm.get<ScopeMap>(token.properties.scopeMapId) };
}

export interface PermissionChange {
  add: readonly string[];
  remove: readonly string[];
  /** Said when, and only when, something is about to change. */
  warning: string;
}

/** Changes what a connected registry may synchronise; sends nothing when it may already. */
export async function changePermissions(
  context: Context,
  one: ConnectedRegistry,
  { add, remove, warning }: PermissionChange,
): Promise<void> {
  const arm = await context.arm();
  const { scopeMap } = await readSync(arm, one);
  const actions = changed(scopeMap.properties.actions, add, remove);
  if (actions === undefined) return;
  context.warn(warning);
  await arm.patch(scopeMap.id, { properties: { actions } });
}

/** @throws CliError when a child of `mode` cannot live below `parent` */
export function checkMode(name: string, mode: string, parent: ConnectedRegistry): void {
  const parentMode = parent.properties.mode;
  if (parentMode === 'ReadWrite' || parentMode === mode) return;
  throw failure(
    `Can't create the registry '${name}' with mode '${mode.toLowerCase()}' when the connected registry parent ` +
      `'${parent.name}' mode is '${parentMode}'.`,
  );
}
