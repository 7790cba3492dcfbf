// importImage over HTTP: answered at once, done in the background.
import type { FastifyInstance } from 'fastify';
import { requireLinked } from '../../../arm/authorization.ts';
import { answerAccepted } from '../../../arm/operation-answers.ts';
import { parseRegistryId } from '../../../arm/resource-id.ts';
import { type RegistryParams, routePaths } from '../../../arm/route-paths.ts';
import type { Imports } from '../../../cloud-registry/import/queue.ts';
import { type ResourceContext, requireRegistry } from '../../context.ts';
import { registryKind } from '../schema.ts';
import { toImportJob } from './rules.ts';
import { importImageSchema } from './schema.ts';

export function importImageRoute(app: FastifyInstance, context: ResourceContext, imports: Imports): void {
  const { resources, settings, longRunning, readBody } = context;

  app.post<{ Params: RegistryParams }>(`${routePaths.registry}/importImage`, async (request, reply) => {
    const input = readBody(request, importImageSchema);
    const registry = await requireRegistry(context, resources, request.params);
    const { resourceId } = input.source;
    if (resourceId) {
      parseRegistryId(resourceId, 'source.resourceId');
      // Before it is looked for: who may not read it learns nothing of it.
      requireLinked(request, `${registryKind.type}/pull/read`, resourceId);
    }
    const job = await toImportJob(resources, registry, input);
    const given = input.source.credentials;
    // A token of an Azure sign-in comes without a user name, and is presented under this one.
    const username = given?.username || '00000000-0000-0000-0000-000000000000';
    const credentials = given ? { username, password: given.password } : undefined;
    imports.refuseWhenFull();
    const operation = await longRunning.start('registries', 'Accepted', { kind: 'import', job }, (notes) =>
      imports.run(job, { notes, credentials }),
    );
    const place = { subscription: settings.subscriptionId, location: registry.location ?? '' };
    return answerAccepted(request, reply, place, operation);
  });
}
