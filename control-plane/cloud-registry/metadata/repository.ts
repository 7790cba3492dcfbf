// A repository as the metadata API has it: `/acr/v1/<name>`.
import { OciError } from '../../../registry-node/oci/errors.ts';
import type { RepositoryName } from '../../../registry-node/oci/name.ts';
import { readChanges } from './changes.ts';
import type { MetadataRoute, RepositoryExchange } from './route.ts';
import { toRepository } from './shapes.ts';

export const repositoryRoutes: readonly MetadataRoute[] = [
  { method: 'GET', path: '', actions: ['metadata/read'], handle: show },
  { method: 'PATCH', path: '', actions: ['metadata/write'], change: true, handle: update },
  { method: 'DELETE', path: '', actions: ['content/delete'], change: true, handle: remove },
];

export function unknownRepository(name: RepositoryName): OciError {
  return new OciError('NAME_UNKNOWN', undefined, { name });
}

async function show({ content, repository, heading }: RepositoryExchange): Promise<object> {
  const facts = await content.metadata.repository(repository);
  if (!facts) throw unknownRepository(repository);
  return { ...heading, ...toRepository(facts) };
}

async function update(exchange: RepositoryExchange): Promise<object> {
  const { content, repository, request } = exchange;
  const changes = await readChanges(request);
  if (!(await content.metadata.setAttributes({ repository }, changes))) throw unknownRepository(repository);
  return show(exchange);
}

/** Answers with all that went, hidden or not. */
async function remove({ content, repository, reply, change }: RepositoryExchange): Promise<object> {
  const manifests = await content.manifests(repository);
  if (!(await content.deleteRepository(repository, change))) throw unknownRepository(repository);
  return reply.code(202).send({
    manifestsDeleted: manifests.map(({ digest }) => digest),
    tagsDeleted: manifests.flatMap(({ tags }) => tags).sort(),
  });
}
