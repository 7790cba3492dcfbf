// addPassword and removePassword, which applications and service principals have alike.
import type { FastifyInstance } from 'fastify';
import type { ServicePrincipal, ServicePrincipals } from '../service-principals.ts';
import { GraphError } from './errors.ts';
import { addPasswordSchema, removePasswordSchema, toPasswordCredential } from './schema.ts';

interface Route {
  Params: { id: string };
}

/** Of one application; a reset without `--append` never has more than one. */
const passwordsMax = 100;

/** @param require finds the one that a path names. @throws GraphError Request_ResourceNotFound */
export function passwordRoutes(
  app: FastifyInstance,
  path: string,
  servicePrincipals: ServicePrincipals,
  require: (id: string) => Promise<ServicePrincipal>,
): void {
  app.post<Route>(`${path}/addPassword`, async (request) => {
    const { passwordCredential } = addPasswordSchema.parse(request.body ?? {});
    const { clientId } = await require(request.params.id);
    if ((await servicePrincipals.passwords(clientId)).length >= passwordsMax) {
      throw new GraphError(
        'Directory_QuotaExceeded',
        `An application has at most ${passwordsMax} passwords.`,
      );
    }
    const startsAt = passwordCredential?.startDateTime ?? undefined;
    const endsAt = passwordCredential?.endDateTime ?? undefined;
    if (startsAt && endsAt && startsAt >= endsAt) {
      throw new GraphError('Request_BadRequest', 'The password would end before it starts.');
    }
    const displayName = passwordCredential?.displayName ?? undefined;
    const { secret, ...password } = await servicePrincipals.addPassword(clientId, {
      displayName,
      startsAt,
      endsAt,
    });
    return toPasswordCredential(password, secret);
  });

  app.post<Route>(`${path}/removePassword`, async (request, reply) => {
    const { keyId } = removePasswordSchema.parse(request.body);
    const { clientId } = await require(request.params.id);
    if (await servicePrincipals.removePassword(clientId, keyId)) return reply.code(204).send();
    throw new GraphError('Request_BadRequest', `No password credential found with keyId '${keyId}'.`);
  });
}
