// What a caller must be allowed to do for a route, read off the route itself: ARM names its actions after resource
// types and verbs, and so are its URLs. `PUT …/providers/Microsoft.ContainerRegistry/registries/:registry/tokens/:name`
// needs `Microsoft.ContainerRegistry/registries/tokens/write` at that token. A route whose action is called otherwise
// says so in its configuration: `{ config: { action: '…' } }`.
import { ArmError } from './errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The action that the route needs, where its method and path do not say it; or `anyCaller`. */
    action?: string;
  }
}

/** For routes that whoever is signed in may call. */
export const anyCaller = 'anyCaller';

export interface RouteAction {
  /** e.g. `Microsoft.ContainerRegistry/registries/tokens/write` */
  action: string;
  /** The id at which it is needed. */
  scope: string;
  /**
   * Any role there or at something inside is enough, because the answer shows no more than its caller may read: lists
   * below a subscription or a resource group.
   */
  within: boolean;
}

/** What ARM files its own resources under. */
const armProvider = 'Microsoft.Resources';
/** What follows is below something by its URL, and a resource by no means. */
const notResources: ReadonlySet<string> = new Set(['locations', 'operationStatuses', 'operationResults']);

const verbs: Readonly<Record<string, string>> = {
  GET: 'read',
  HEAD: 'read',
  PUT: 'write',
  PATCH: 'write',
  DELETE: 'delete',
};

/** @param path the route's, with its parameters as `:name` */
export function actionOf(method: string, path: string): string {
  const parts = segmentsOf(path);
  const at = parts.lastIndexOf('providers');
  const namespace = parts[at + 1];
  const own = at >= 0 && namespace !== undefined && !isParameter(namespace) && parts.length > at + 2;
  const type = (own ? parts.slice(at + 1) : [armProvider, ...parts]).filter((part) => !isParameter(part));
  return `${type.join('/')}/${verbs[method] ?? 'action'}`;
}

/**
 * @param configured the action that the route's configuration names
 * @throws Error for a route that is about no subscription and does not say who may call it
 */
export function checkRouteAction(method: string, path: string, configured: string | undefined): void {
  if (configured !== undefined || parametersOf(path).length > 0) return;
  throw new Error(
    `${method} ${path} is about nothing that roles are given for: say { config: { action: anyCaller } }`,
  );
}

/** What the request of a route needs. */
export function routeActionOf(
  method: string,
  path: string,
  params: Readonly<Record<string, string>>,
  configured: string | undefined,
): RouteAction {
  const parts = segmentsOf(path);
  const outside = parts.findIndex((part) => notResources.has(part));
  const inside = outside < 0 ? parts : parts.slice(0, outside);
  const end = inside.findLastIndex((part) => part.startsWith(':')) + 1;
  const ids = inside.slice(0, end);
  const action = configured ?? actionOf(method, path);
  const within = action.endsWith('/read') && end < parts.length && !ids.includes('providers');
  return { action, scope: `/${ids.map((part) => valueOf(part, params)).join('/')}`, within };
}

/** @throws ArmError InvalidRequestContent: a name with a slash would stand for another id than it seems */
function valueOf(part: string, params: Readonly<Record<string, string>>): string {
  if (!part.startsWith(':')) return part;
  const value = params[part.slice(1)] ?? '';
  if (!value.includes('/')) return value;
  throw new ArmError(
    'InvalidRequestContent',
    `The name '${value}' in the path of the request holds a slash.`,
  );
}

function parametersOf(path: string): string[] {
  return segmentsOf(path).filter((part) => part.startsWith(':'));
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function isParameter(part: string): boolean {
  return part.startsWith(':') || part === '*';
}
