// Applications over Graph: what a service principal is made of, and what keeps its passwords.
import type { FastifyInstance } from 'fastify';
import type { ServicePrincipal, ServicePrincipals } from '../service-principals.ts';
import { GraphError, notFound } from './errors.ts';
import { parseGraphFilter } from './filter.ts';
import { type ListQuery, toList } from './list.ts';
import { passwordRoutes } from './passwords.ts';
import { applicationPatchSchema, applicationPostSchema, toApplication } from './schema.ts';

interface Route {
  Params: { id: string };
}
const list = '/applications';
const item = `${list}/:id`;
const applicationsMax = 10_000;

const properties = {
  appId: ({ clientId }: ServicePrincipal) => [clientId],
  displayName: ({ displayName }: ServicePrincipal) => [displayName],
  id: ({ applicationObjectId }: ServicePrincipal) => [applicationObjectId],
  identifierUris: () => [],
};

export function applicationRoutes(app: FastifyInstance, servicePrincipals: ServicePrincipals): void {
  const find = async (id: string): Promise<ServicePrincipal> => {
    const found = await servicePrincipals.get(id);
    if (found && found.applicationObjectId === id.toLowerCase()) return found;
    throw notFound(id);
  };
  const show = async (application: ServicePrincipal): Promise<object> =>
    toApplication(application, await servicePrincipals.passwords(application.clientId));

  app.get<{ Querystring: ListQuery }>(list, async (request) => {
    const isMeant = parseGraphFilter(request.query.$filter, properties);
    return toList(request, (await servicePrincipals.all()).filter(isMeant), show);
  });
  app.post(list, async (request, reply) => {
    const { displayName } = applicationPostSchema.parse(request.body);
    if ((await servicePrincipals.all()).length >= applicationsMax) {
      throw new GraphError(
        'Directory_QuotaExceeded',
        `There may be at most ${applicationsMax} applications.`,
      );
    }
    return reply.code(201).send(await show(await servicePrincipals.create({ displayName })));
  });
  app.get<Route>(item, async (request) => show(await find(request.params.id)));
  app.patch<Route>(item, async (request, reply) => {
    const { displayName } = applicationPatchSchema.parse(request.body ?? {});
    const { clientId } = await find(request.params.id);
    if (displayName !== undefined) await servicePrincipals.rename(clientId, displayName);
    return reply.code(204).send();
  });
  app.delete<Route>(item, async (request, reply) => {
    await servicePrincipals.remove((await find(request.params.id)).clientId);
    return reply.code(204).send();
  });
  passwordRoutes(app, item, servicePrincipals, find);
}
