// importImage over HTTP: answered at once, done in the background.
import type { FastifyInstance } from 'fastify';
import { answerAccepted } from '../../../arm/operation-answers.ts';
import { type RegistryParams, routePaths } from '../../../arm/route-paths.ts';
import type { Imports } from '../../../cloud-registry/import/queue.ts';
import { type ResourceContext, requireRegistry } from '../../context.ts';
import { toImportJob } from './rules.ts';
import { importImageSchema } from './schema.ts';

export function importImageRoute(app: FastifyInstance, context: ResourceContext, imports: Imports): void {
  const { resources, settings, longRunning } = context;

  app.post<{ Params: RegistryParams }>(`${routePaths.registry}/importImage`, async (request, reply) => {
    const input = importImageSchema.parse(request.body);
    const registry = await requireRegistry(context, resources, request.params);
    const job = await toImportJob(resources, registry, input);
    const given = input.source.credentials;
    // A token of an Azure sign-in comes without a user name, and is presented under this one.
    const username = given?.username || '00000000-0000-0000-0000-000000000000';
    const credentials = given ? { username, password: given.password } : undefined;
    const operation = await longRunning.start('registries', 'Accepted', { kind: 'import', job }, () =>
      imports.run(job, credentials),
    );
    const place = { subscription: settings.subscriptionId, location: registry.location ?? '' };
    return answerAccepted(request, reply, place, operation);
  });
}
