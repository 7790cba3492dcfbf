// ACR's metadata API (Azure REST API, Container Registry data plane 2021-07-01): what `az acr repository` and `az acr
// manifest` show. A repository's name arrives as one parameter, however the client wrote its slashes
// (registry-node/http/server.ts).
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, Gate } from '../../registry-node/auth/gate.ts';
import type { Content, ManifestEntry, TagEntry } from '../../registry-node/content/content.ts';
import { parseDigest } from '../../registry-node/oci/digest.ts';
import { OciError } from '../../registry-node/oci/errors.ts';
import { parseRepositoryName, type RepositoryName } from '../../registry-node/oci/name.ts';
import { parseTag } from '../../registry-node/oci/reference.ts';
import type { RepositoryAction } from '../../registry-node/oci/scope.ts';
import { allManifests, allRepositories, allTags } from './listing.ts';
import { answerPage, type PageQuery } from './metadata-page.ts';
import { imageSizeOf, repositoryAttributes, toManifest, toTag } from './metadata-shapes.ts';

interface RepositoryRoute {
  Params: { name: string };
  Querystring: PageQuery;
}
interface TagRoute {
  Params: { name: string; tag: string };
}
interface ManifestRoute {
  Params: { name: string; digest: string };
}

export function metadataRoutes(
  app: FastifyInstance,
  { content, gate }: { content: Content; gate: Gate },
): void {
  const admit = async (
    request: FastifyRequest<{ Params: { name: string } }>,
    action: RepositoryAction,
  ): Promise<RepositoryName> => {
    const repository = parseRepositoryName(request.params.name);
    const change = action === 'content/delete';
    await gate.admit(request, { kind: 'repository', repository, actions: [action], change });
    return repository;
  };
  const existing = async (request: FastifyRequest<{ Params: { name: string } }>): Promise<RepositoryName> => {
    const repository = await admit(request, 'metadata/read');
    if (await content.hasRepository(repository)) return repository;
    throw new OciError('NAME_UNKNOWN', undefined, { name: repository });
  };
  const heading = (request: FastifyRequest, imageName: string): object => ({
    registry: request.host,
    imageName,
  });

  app.get<{ Querystring: PageQuery }>('/acr/v1/_catalog', async (request, reply) => {
    const caller = await gate.admit(request, { kind: 'catalog' });
    const visible = (await allRepositories(content)).filter((name) => visibleTo(caller, name));
    return { repositories: answerPage(request, reply, '/acr/v1/_catalog', visible, (name) => name) };
  });

  app.get<RepositoryRoute>('/acr/v1/:name', async (request) => {
    const name = await existing(request);
    const [tags, manifests] = [await allTags(content, name), await allManifests(content, name)];
    return { ...heading(request, name), ...repositoryAttributes(tags, manifests) };
  });

  app.delete<RepositoryRoute>('/acr/v1/:name', async (request, reply) => {
    const name = await admit(request, 'content/delete');
    const known = await content.hasRepository(name);
    const tagsDeleted = known ? (await allTags(content, name)).map((tag) => tag.name) : [];
    const manifestsDeleted = known ? (await allManifests(content, name)).map(({ digest }) => digest) : [];
    if (!(await content.deleteRepository(name, { origin: 'client' }))) {
      throw new OciError('NAME_UNKNOWN', undefined, { name });
    }
    return reply.code(202).send({ manifestsDeleted, tagsDeleted });
  });

  app.get<RepositoryRoute>('/acr/v1/:name/_tags', async (request, reply) => {
    const name = await existing(request);
    const { digest } = request.query;
    const tags = (await allTags(content, name)).filter(
      (tag) => digest === undefined || tag.digest === digest,
    );
    const path = `/acr/v1/${name}/_tags`;
    const page = answerPage(
      request,
      reply,
      path,
      tags,
      (tag) => tag.name,
      (tag) => tag.updatedAt,
    );
    return { ...heading(request, name), tags: page.map(toTag) };
  });

  app.get<TagRoute>('/acr/v1/:name/_tags/:tag', async (request) => {
    const name = await existing(request);
    const found = (await allTags(content, name)).find((tag) => tag.name === request.params.tag);
    if (!found) throw new OciError('TAG_UNKNOWN', undefined, { name: request.params.tag });
    return { ...heading(request, name), tag: toTag(found) };
  });

  app.delete<TagRoute>('/acr/v1/:name/_tags/:tag', async (request, reply): Promise<FastifyReply> => {
    const name = await admit(request, 'content/delete');
    const tag = parseTag(request.params.tag);
    if (await content.untag(name, tag, { origin: 'client' })) return reply.code(202).send();
    throw new OciError('TAG_UNKNOWN', undefined, { name: tag });
  });

  app.get<RepositoryRoute>('/acr/v1/:name/_manifests', async (request, reply) => {
    const name = await existing(request);
    const path = `/acr/v1/${name}/_manifests`;
    const [manifests, tags] = [await allManifests(content, name), await allTags(content, name)];
    const page = answerPage(
      request,
      reply,
      path,
      manifests,
      ({ digest }) => digest,
      ({ createdAt }) => createdAt,
    );
    const shown = await Promise.all(page.map((entry) => describe(content, name, entry, tags)));
    return { ...heading(request, name), manifests: shown };
  });

  app.get<ManifestRoute>('/acr/v1/:name/_manifests/:digest', async (request) => {
    const name = await existing(request);
    const digest = parseDigest(request.params.digest);
    const entry = (await allManifests(content, name)).find((manifest) => manifest.digest === digest);
    if (!entry) throw new OciError('MANIFEST_UNKNOWN', undefined, { name, digest });
    return {
      ...heading(request, name),
      manifest: await describe(content, name, entry, await allTags(content, name)),
    };
  });
}

async function describe(
  content: Content,
  repository: RepositoryName,
  entry: ManifestEntry,
  tags: readonly TagEntry[],
): Promise<object> {
  const stored = await content.manifest(repository, { digest: entry.digest });
  return toManifest(entry, stored ? imageSizeOf(stored) : entry.size, tags);
}

/** As in the registry API's own catalog. */
function visibleTo(caller: Caller, repository: RepositoryName): boolean {
  return caller.may(repository, 'content/read') || caller.may(repository, 'metadata/read');
}
