// Role definitions over HTTP (Microsoft.Authorization 2022-04-01): the built-in ones, at every scope. There are no custom
// roles.
import type { FastifyInstance } from 'fastify';
import { ArmError } from '../../arm/errors.ts';
import { parseFilter } from '../../arm/filter.ts';
import { subscriptionId } from '../../arm/resource-id.ts';
import { routePaths } from '../../arm/route-paths.ts';
import type { Settings } from '../../store/settings.ts';
import { roleDefinitionId } from '../role-assignments/schema.ts';
import { builtInRoles, findRole, type Role } from './built-in.ts';

/** When Azure made its first ones. */
const madeAt = '2015-02-02T21:55:09.8806423Z';
const segment = 'providers/Microsoft.Authorization/roleDefinitions';

interface ListRoute {
  Querystring: { $filter?: string };
}
interface ItemRoute {
  Params: { role: string };
}

export function roleDefinitionRoutes(app: FastifyInstance, settings: Settings): void {
  const show = (role: Role): object => toRoleDefinition(role, subscriptionId(settings.subscriptionId));
  for (const scope of [routePaths.subscription, routePaths.resourceGroup, routePaths.registry]) {
    app.get<ListRoute>(`${scope}/${segment}`, async (request) => {
      const wanted = parseFilter(withoutAtScope(request.query.$filter), ['roleName', 'type']);
      const found = builtInRoles.filter(
        ({ name }) =>
          (wanted.roleName === undefined || same(wanted.roleName, name)) &&
          (wanted.type === undefined || same(wanted.type, 'BuiltInRole')),
      );
      return { value: found.map(show) };
    });
    app.get<ItemRoute>(`${scope}/${segment}/:role`, async (request) => {
      const role = findRole(request.params.role);
      if (role) return show(role);
      throw unknownRole(request.params.role);
    });
  }
}

export function unknownRole(guid: string): ArmError {
  return new ArmError(
    'RoleDefinitionDoesNotExist',
    `The specified role definition with ID '${guid}' does not exist. There are ${builtInRoles.map(({ name }) => name).join(', ')}.`,
  );
}

function toRoleDefinition(
  { guid, name, description, actions, notActions }: Role,
  subscription: string,
): object {
  return {
    properties: {
      roleName: name,
      type: 'BuiltInRole',
      description,
      assignableScopes: ['/'],
      permissions: [{ actions, notActions, dataActions: [], notDataActions: [] }],
      createdOn: madeAt,
      updatedOn: madeAt,
      createdBy: null,
      updatedBy: null,
    },
    id: roleDefinitionId(subscription, guid),
    type: 'Microsoft.Authorization/roleDefinitions',
    name: guid,
  };
}

/** Built-in roles are at every scope, so `atScope()` chooses among none. */
function withoutAtScope(filter: string | undefined): string | undefined {
  return filter?.replace(/^\s*atScope(AndBelow)?\(\)\s*(and\s+|$)/i, '');
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
