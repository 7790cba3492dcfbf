// The manifests of a repository as the metadata API has them: `/acr/v1/<name>/_manifests`. They are deleted by the
// registry API.
import { type Digest, parseDigest } from '../../../registry-node/oci/digest.ts';
import { OciError } from '../../../registry-node/oci/errors.ts';
import { readChanges } from './changes.ts';
import { linkNext, parsePage, placeOf } from './page.ts';
import { unknownRepository } from './repository.ts';
import type { MetadataRoute, RepositoryExchange } from './route.ts';
import { toManifest } from './shapes.ts';

const one = '/_manifests/:digest';

export const manifestRoutes: readonly MetadataRoute[] = [
  { method: 'GET', path: '/_manifests', actions: ['metadata/read'], handle: list },
  { method: 'GET', path: one, actions: ['metadata/read'], handle: show },
  { method: 'PATCH', path: one, actions: ['metadata/write'], change: true, handle: update },
];

async function list(exchange: RepositoryExchange): Promise<object> {
  const { content, facts, repository, heading, request, reply } = exchange;
  const page = parsePage(request);
  if (!(await content.hasRepository(repository))) throw unknownRepository(repository);
  // Any text may say where to go on: it is only compared with.
  const last = page.last as Digest | undefined;
  const found = await content.metadata.manifests(repository, { ...page, last, n: page.n + 1 });
  const path = `/acr/v1/${repository}/_manifests`;
  const shown = linkNext(reply, path, page, found, (entry) => placeOf(page, entry.digest, entry.updatedAt));
  const manifests: object[] = [];
  for (const entry of shown) manifests.push(toManifest(entry, await facts.of(repository, entry.digest)));
  return { ...heading, manifests };
}

/** By its digest alone an index names its children. */
async function show(exchange: RepositoryExchange): Promise<object> {
  const { content, facts, repository, heading } = exchange;
  const digest = parseDigest(exchange.parameter('digest'));
  const entry = await content.metadata.manifest(repository, digest);
  if (!entry) throw unknown(exchange, digest);
  const image = await facts.of(repository, digest);
  const references = await facts.references(repository, digest);
  return { ...heading, manifest: toManifest(entry, image, references) };
}

async function update(exchange: RepositoryExchange): Promise<object> {
  const { content, repository, request } = exchange;
  const digest = parseDigest(exchange.parameter('digest'));
  const changes = await readChanges(request);
  if (!(await content.metadata.setAttributes({ repository, digest }, changes))) {
    throw unknown(exchange, digest);
  }
  return show(exchange);
}

function unknown({ repository }: RepositoryExchange, digest: Digest): OciError {
  return new OciError('MANIFEST_UNKNOWN', undefined, { name: repository, digest });
}
