// Service principals over Graph.
import type { FastifyInstance } from 'fastify';
import type { ServicePrincipal, ServicePrincipals } from '../service-principals.ts';
import { GraphError, notFound } from './errors.ts';
import { parseGraphFilter } from './filter.ts';
import { type ListQuery, toList } from './list.ts';
import { passwordRoutes } from './passwords.ts';
import { getByIdsSchema, servicePrincipalPostSchema, toServicePrincipalObject } from './schema.ts';

interface Route {
  Params: { id: string };
}
const list = '/servicePrincipals';
const item = `${list}/:id`;

const properties = {
  appId: ({ clientId }: ServicePrincipal) => [clientId],
  displayName: ({ displayName }: ServicePrincipal) => [displayName],
  id: ({ objectId }: ServicePrincipal) => [objectId],
  servicePrincipalNames: ({ clientId }: ServicePrincipal) => [clientId],
};

export function principalRoutes(
  app: FastifyInstance,
  servicePrincipals: ServicePrincipals,
  tenantId: string,
): void {
  const find = async (id: string): Promise<ServicePrincipal> => {
    const found = await servicePrincipals.get(id);
    if (found?.enabled && found.objectId === id.toLowerCase()) return found;
    throw notFound(id);
  };
  const show = async (principal: ServicePrincipal): Promise<object> =>
    toServicePrincipalObject(principal, await servicePrincipals.passwords(principal.clientId), tenantId);

  app.get<{ Querystring: ListQuery }>(list, async (request) => {
    const isMeant = parseGraphFilter(request.query.$filter, properties);
    const all = (await servicePrincipals.all()).filter((each) => each.enabled && isMeant(each));
    return toList(request, all, show);
  });
  app.post(list, async (request, reply) => {
    const { appId } = servicePrincipalPostSchema.parse(request.body);
    const application = await servicePrincipals.get(appId);
    if (application?.clientId !== appId.toLowerCase()) {
      throw new GraphError(
        'Request_BadRequest',
        `The appId '${appId}' of the service principal does not reference a valid application object.`,
      );
    }
    const made = await servicePrincipals.enable(application.clientId);
    if (made) return reply.code(201).send(await show(made));
    throw new GraphError(
      'Request_MultipleObjectsWithSameKeyValue',
      `The service principal cannot be created because the service principal name ${appId} is already in use.`,
    );
  });
  app.get<Route>(item, async (request) => show(await find(request.params.id)));
  app.delete<Route>(item, async (request, reply) => {
    await servicePrincipals.disable((await find(request.params.id)).clientId);
    return reply.code(204).send();
  });
  passwordRoutes(app, item, servicePrincipals, find);

  // What names the principals of role assignments.
  app.post('/directoryObjects/getByIds', { config: { reads: true } }, async (request) => {
    const ids = new Set(getByIdsSchema.parse(request.body).ids.map((id) => id.toLowerCase()));
    const all = (await servicePrincipals.all()).filter((each) => each.enabled && ids.has(each.objectId));
    // An answer may hold several types, so each object names its own.
    const typed = (each: ServicePrincipal): object =>
      Object.assign(
        { '@odata.type': '#microsoft.graph.servicePrincipal' },
        toServicePrincipalObject(each, [], tenantId),
      );
    return { value: all.map(typed) };
  });
}
