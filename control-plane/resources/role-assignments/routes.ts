// Role assignments over HTTP (Microsoft.Authorization 2022-04-01), at the subscription, at resource groups and at
// registries. They go with what they are given for, and count from the next request on.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf } from '../../arm/authorization.ts';
import { ArmError } from '../../arm/errors.ts';
import { keyOf, registryId, resourceGroupId, subscriptionId } from '../../arm/resource-id.ts';
import { type RegistryParams, routePaths } from '../../arm/route-paths.ts';
import { savedBy } from '../../arm/system-data.ts';
import type { ServicePrincipals } from '../../identity/service-principals.ts';
import type { Resource } from '../../store/resource.ts';
import type { ResourceReader } from '../../store/resources.ts';
import { type ResourceContext, requireRegistry, requireResourceGroup } from '../context.ts';
import { parseAssignmentFilter } from './filter.ts';
import { checkAssignment, checkAssignmentName, checkUpdate } from './rules.ts';
import {
  roleAssignmentKind,
  roleAssignmentPutSchema,
  type RoleAssignmentProperties,
  toRoleAssignment,
} from './schema.ts';

interface Route {
  Params: RegistryParams & { assignment: string };
  Querystring: { $filter?: string };
}
type RoleAssignment = Resource<RoleAssignmentProperties>;

/** All scopes together, as Azure bounds them for a subscription. */
const assignmentsMax = 4000;
const segment = `providers/${roleAssignmentKind.type}`;

export function roleAssignmentRoutes(
  app: FastifyInstance,
  context: ResourceContext,
  servicePrincipals: ServicePrincipals,
): void {
  const { resources, settings, clock } = context;
  const show = (assignment: RoleAssignment): object =>
    toRoleAssignment(assignment, subscriptionId(settings.subscriptionId));

  for (const path of [routePaths.subscription, routePaths.resourceGroup, routePaths.registry]) {
    const list = `${path}/${segment}`;
    const item = `${list}/:assignment`;

    app.put<Route>(item, async (request, reply) => {
      const { assignment: name } = request.params;
      const input = roleAssignmentPutSchema.parse(request.body).properties;
      checkAssignmentName(name);
      await requireScope(context, resources, request.params);
      const asked = await checkAssignment(input, servicePrincipals);
      const { assignment, created } = await resources.change(async (change) => {
        const scope = await requireScope(context, change, request.params);
        const properties = { ...asked, scope };
        const id = `${scope}/${segment}/${name}`;
        const before = await change.get(roleAssignmentKind, keyOf(id));
        if (before) checkUpdate(before, properties);
        else checkNew(await change.all(roleAssignmentKind), properties);
        const systemData = savedBy(callerOf(request), clock.now(), before?.systemData);
        const assignment = { id, type: roleAssignmentKind.type, name, systemData, properties };
        await change.put(assignment, keyOf(scope));
        return { assignment, created: !before };
      });
      return reply.code(created ? 201 : 200).send(show(assignment));
    });

    app.get<Route>(item, async (request) => {
      const found = await resources.get(roleAssignmentKind, keyOf(idOf(context, request)));
      if (found) return show(found);
      throw new ArmError(
        'RoleAssignmentNotFound',
        `The role assignment '${request.params.assignment}' is not found.`,
      );
    });

    app.delete<Route>(item, async (request, reply) => {
      const key = keyOf(idOf(context, request));
      const gone = await resources.change(async (change) => {
        const found = await change.get(roleAssignmentKind, key);
        if (found) await change.remove(key);
        return found;
      });
      return gone ? reply.code(200).send(show(gone)) : reply.code(204).send();
    });

    app.get<Route>(list, async (request) => {
      const scope = await requireScope(context, resources, request.params);
      const isMeant = parseAssignmentFilter(request.query.$filter, scope);
      return { value: (await resources.all(roleAssignmentKind)).filter(isMeant).map(show) };
    });
  }
}

/** The id that a path names, as it was spelled when it was made. @throws ArmError when it does not exist */
async function requireScope(
  context: ResourceContext,
  reader: ResourceReader,
  params: Partial<RegistryParams>,
): Promise<string> {
  const { subscription = '', resourceGroup, registry } = params;
  if (resourceGroup === undefined) return subscriptionId(context.settings.subscriptionId);
  if (registry === undefined)
    return (await requireResourceGroup(context, reader, { subscription, resourceGroup })).id;
  return (await requireRegistry(context, reader, { subscription, resourceGroup, registry })).id;
}

function idOf({ settings }: ResourceContext, { params }: FastifyRequest<Route>): string {
  const { resourceGroup, registry, assignment } = params as Partial<Route['Params']>;
  const group = resourceGroup && resourceGroupId(settings.subscriptionId, resourceGroup);
  const scope = group && registry ? registryId(group, registry) : group;
  return `${scope ?? subscriptionId(settings.subscriptionId)}/${segment}/${assignment}`;
}

/** @throws ArmError RoleAssignmentExists, QuotaExceeded */
function checkNew(all: readonly RoleAssignment[], asked: RoleAssignmentProperties): void {
  const same = all.find(
    ({ properties: { role, principalId, scope } }) =>
      role === asked.role && principalId === asked.principalId && keyOf(scope) === keyOf(asked.scope),
  );
  if (same) {
    throw new ArmError(
      'RoleAssignmentExists',
      `The role assignment already exists. The ID of the existing role assignment is ${same.name.replaceAll('-', '')}.`,
    );
  }
  if (all.length < assignmentsMax) return;
  throw new ArmError(
    'QuotaExceeded',
    `There may be at most ${assignmentsMax} role assignments. Remove some.`,
  );
}
