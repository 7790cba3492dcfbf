// What refers to a manifest: signatures, SBOMs and other artifacts (distribution-spec, end-12). Never a 404: a subject that
// is not stored may have referrers that are.
import { parseDigest } from '../oci/digest.ts';
import { mediaTypes } from '../oci/media-type.ts';
import type { RepositoryExchange, RepositoryRoute } from './route.ts';

export const referrerRoutes: readonly RepositoryRoute[] = [
  { end: 'end-12', method: 'GET', path: 'referrers/:digest', actions: ['content/read'], handle: list },
];

async function list(exchange: RepositoryExchange): Promise<unknown> {
  const { content, repository, reply, query } = exchange;
  const subject = parseDigest(exchange.parameter('digest'));
  const artifactType = query.get('artifactType') ?? undefined;
  const manifests = await content.referrers(repository, subject, artifactType);
  if (artifactType !== undefined) reply.header('oci-filters-applied', 'artifactType');
  // As bytes: to text Fastify adds a charset, which a media type of the specification does not have.
  const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
  return reply.header('content-type', mediaTypes.ociIndex).send(Buffer.from(JSON.stringify(index)));
}
