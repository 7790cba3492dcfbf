// Two vocabularies for "who may do what", and the table between them: a scope map's actions
// (`repositories/team/app/content/read`, `gateway/site1/config/read`) and the actions
// of the registry's token protocol (`repository:team/app:pull`).
import { tryParseRepositoryName } from './name.ts';

export const repositoryActions = [
  'content/read',
  'content/write',
  'content/delete',
  'metadata/read',
  'metadata/write',
] as const;
export type RepositoryAction = (typeof repositoryActions)[number];

export const gatewayActions = ['config/read', 'config/write', 'message/read', 'message/write'] as const;
export type GatewayAction = (typeof gatewayActions)[number];

/** Token-protocol action -> the scope-map action that grants it. */
export const dockerActions = {
  pull: 'content/read',
  push: 'content/write',
  delete: 'content/delete',
  metadata_read: 'metadata/read',
  metadata_write: 'metadata/write',
} as const satisfies Record<string, RepositoryAction>;
export type DockerAction = keyof typeof dockerActions;

/** One resource of a token request or of a token's `access` claim. */
export interface Access {
  type: string;
  name: string;
  actions: string[];
}

/** Parses `repository:team/app:pull,push`. The name may hold colons (a host with a port); undefined when malformed. */
export function parseScope(text: string): Access | undefined {
  const first = text.indexOf(':');
  const last = text.lastIndexOf(':');
  if (first <= 0 || last <= first + 1 || last === text.length - 1) return undefined;
  const actions = text
    .slice(last + 1)
    .split(',')
    .filter((action) => action !== '');
  if (actions.length === 0) return undefined;
  return { type: text.slice(0, first), name: text.slice(first + 1, last), actions };
}

export function formatScope({ type, name, actions }: Access): string {
  return `${type}:${name}:${actions.join(',')}`;
}

/** A scope map's rules, compiled for asking. */
export interface Grants {
  /** May the holder do `action` on `repository`? */
  repository(repository: string, action: RepositoryAction): boolean;
  gateway(connectedRegistry: string, action: GatewayAction): boolean;
  /** Repositories granted for `action`: exact names, and prefixes for `prefix/*` ('' for `*`). */
  granted(action: RepositoryAction): { names: ReadonlySet<string>; prefixes: readonly string[] };
  /** The rules as written. */
  readonly actions: readonly string[];
}

const repositoryRule = /^repositories\/(.+)\/((?:content|metadata)\/[a-z]+)$/;
const gatewayRule = /^gateway\/([^/]+)\/((?:config|message)\/(?:read|write))$/;

export type ScopeMapRule =
  | { kind: 'repository'; repository: string; action: RepositoryAction }
  | { kind: 'gateway'; connectedRegistry: string; action: GatewayAction };

/** Parses one scope-map action. Undefined when it is not one: a wildcard may only be `*` or a trailing `/*`. */
export function parseScopeMapAction(text: string): ScopeMapRule | undefined {
  const gateway = gatewayRule.exec(text);
  if (gateway) {
    return { kind: 'gateway', connectedRegistry: gateway[1]!, action: gateway[2] as GatewayAction };
  }
  const match = repositoryRule.exec(text);
  if (!match) return undefined;
  const [, repository, action] = match as unknown as [string, string, RepositoryAction];
  if (!repositoryActions.includes(action)) return undefined;
  const exact = repository.endsWith('/*') ? repository.slice(0, -2) : repository;
  const valid = repository === '*' || tryParseRepositoryName(exact) !== undefined;
  return valid ? { kind: 'repository', repository, action } : undefined;
}

/** Compiles a scope map's actions; what cannot be parsed grants nothing. */
export function compileGrants(actions: readonly string[]): Grants {
  const names = new Map<RepositoryAction, Set<string>>(
    repositoryActions.map((action) => [action, new Set()]),
  );
  const prefixes = new Map<RepositoryAction, string[]>(repositoryActions.map((action) => [action, []]));
  const gateways = new Set<string>();
  for (const rule of actions.map(parseScopeMapAction)) {
    if (!rule) continue;
    if (rule.kind === 'gateway') gateways.add(`${rule.connectedRegistry.toLowerCase()}/${rule.action}`);
    else if (rule.repository.endsWith('*')) prefixes.get(rule.action)!.push(rule.repository.slice(0, -1));
    else names.get(rule.action)!.add(rule.repository);
  }
  return {
    actions,
    repository: (repository, action) =>
      names.get(action)!.has(repository) ||
      prefixes.get(action)!.some((prefix) => repository.startsWith(prefix)),
    gateway: (connectedRegistry, action) => gateways.has(`${connectedRegistry.toLowerCase()}/${action}`),
    granted: (action) => ({ names: names.get(action)!, prefixes: prefixes.get(action)! }),
  };
}
