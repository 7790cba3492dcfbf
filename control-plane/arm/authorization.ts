// The one place where a signed-in caller is admitted to a route or refused. What a route needs is read off its path
// (route-action.ts), what a caller may do comes from its roles; a list shows what its caller may read.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ArmError } from './errors.ts';
import type { Permissions } from './permissions.ts';
import { anyCaller, checkRouteAction, type RouteAction, routeActionOf } from './route-action.ts';
import type { ArmCaller } from './system-data.ts';

/** For all routes that are registered in `app` from here on. */
export function guardRoutes(app: FastifyInstance, subscription: string): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const each of [method].flat()) checkRouteAction(each, url, config?.action);
  });
  app.addHook('onRequest', async (request) => {
    const needed = neededBy(request);
    if (!needed) return;
    refuseOtherSubscriptions(request, subscription);
    if (!isAdmitted(permissionsOf(request), needed)) throw authorizationFailed(callerOf(request), needed);
  });
  app.addHook('preSerialization', async (request, _reply, payload) => {
    const needed = neededBy(request);
    if (!needed?.within || !isList(payload)) return payload;
    const permissions = permissionsOf(request);
    if (permissions.may(needed.action, needed.scope)) return payload;
    const shown = payload.value.filter(
      (item) => typeof item?.id === 'string' && permissions.may(needed.action, item.id),
    );
    return { ...payload, value: shown };
  });
}

/** Who sent the request, once it was admitted. */
export function callerOf(request: FastifyRequest): ArmCaller {
  return request.getDecorator<ArmCaller>('armCaller');
}

/** What the caller of the request may do. */
export function permissionsOf(request: FastifyRequest): Permissions {
  return request.getDecorator<Permissions>('permissions');
}

/**
 * For what a request is about besides its own URL: the registry that an image is copied from.
 * @param scope an id. @throws ArmError LinkedAuthorizationFailed
 */
export function requireLinked(request: FastifyRequest, action: string, scope: string): void {
  if (permissionsOf(request).may(action, scope)) return;
  const { clientId, objectId } = callerOf(request);
  const own = neededBy(request);
  throw new ArmError(
    'LinkedAuthorizationFailed',
    `The client '${clientId}' with object id '${objectId}' has permission to perform action '${own?.action}' on scope ` +
      `'${own?.scope}'; however, it does not have permission to perform action(s) '${action}' on the linked scope(s) ` +
      `'${scope}' (respectively) or the linked scope(s) are invalid.`,
  );
}

/** Undefined for routes that whoever is signed in may call. */
function neededBy(request: FastifyRequest): RouteAction | undefined {
  const { url = '', config } = request.routeOptions;
  if (config.action === anyCaller) return undefined;
  return routeActionOf(request.method, url, request.params as Record<string, string>, config.action);
}

function isAdmitted(permissions: Permissions, { action, scope, within }: RouteAction): boolean {
  return permissions.may(action, scope) || (within && permissions.hasRoleWithin(scope));
}

/** That there is no such subscription is no secret, and helps more than a refusal. */
function refuseOtherSubscriptions(request: FastifyRequest, subscription: string): void {
  const { subscription: asked } = request.params as { subscription?: string };
  if (asked === undefined || asked.toLowerCase() === subscription) return;
  throw new ArmError('SubscriptionNotFound', `The subscription '${asked}' could not be found.`);
}

/** AuthorizationFailed as ARM words it. */
function authorizationFailed(caller: ArmCaller, { action, scope }: RouteAction): ArmError {
  return new ArmError(
    'AuthorizationFailed',
    `The client '${caller.clientId}' with object id '${caller.objectId}' does not have authorization to perform ` +
      `action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please ` +
      'refresh your credentials.',
  );
}

function isList(payload: unknown): payload is { value: ({ id?: unknown } | undefined)[] } {
  return (
    typeof payload === 'object' && payload !== null && 'value' in payload && Array.isArray(payload.value)
  );
}
