// What refers to a manifest: signatures, SBOMs and other artifacts (distribution-spec, end-12). Never a 404: a subject that
// is not stored may have referrers that are. The tag that clients fall back to (`sha256-<hex>`) needs no look: every manifest
// was read for its subject when it was pushed, also by a client that believed that nobody does.
import type { Content } from '../content/content.ts';
import { type Digest, parseDigest } from '../oci/digest.ts';
import { limits } from '../oci/limits.ts';
import type { Descriptor } from '../oci/manifest.ts';
import { mediaTypes } from '../oci/media-type.ts';
import type { RepositoryName } from '../oci/name.ts';
import { parsePage } from './page.ts';
import type { RepositoryExchange, RepositoryRoute } from './route.ts';

export const referrerRoutes: readonly RepositoryRoute[] = [
  { end: 'end-12', method: 'GET', path: 'referrers/:digest', actions: ['content/read'], handle: list },
];

async function list(exchange: RepositoryExchange): Promise<unknown> {
  const { content, repository, reply, query } = exchange;
  const subject = parseDigest(exchange.parameter('digest'));
  // An empty filter is none.
  const artifactType = query.get('artifactType') || undefined;
  const n = query.has('n') ? parsePage(query).n : limits.referrersPageEntriesMax;
  // Any text may say where to go on: it is only compared with.
  const page = { artifactType, last: (query.get('last') || undefined) as Digest | undefined, n };
  const { manifests, next } = await readPage(content, repository, subject, page);
  if (next) {
    const filter = artifactType === undefined ? '' : `&artifactType=${encodeURIComponent(artifactType)}`;
    const link = `/v2/${repository}/referrers/${subject}?last=${encodeURIComponent(next)}&n=${n}${filter}`;
    reply.header('link', `<${link}>; rel="next"`);
  }
  if (artifactType !== undefined) reply.header('oci-filters-applied', 'artifactType');
  // As bytes: to text Fastify adds a charset, which a media type of the specification does not have.
  const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
  return reply.header('content-type', mediaTypes.ociIndex).send(Buffer.from(JSON.stringify(index)));
}

interface ReferrersPage {
  artifactType: string | undefined;
  last: Digest | undefined;
  n: number;
}

/** Bounded in bytes, too: a referrer's annotations are copied, and each may have as many as a manifest holds. */
async function readPage(
  content: Content,
  repository: RepositoryName,
  subject: Digest,
  { n: asked, ...page }: ReferrersPage,
): Promise<{ manifests: Descriptor[]; next: Digest | undefined }> {
  const n = Math.min(asked, limits.referrersPageEntriesMax);
  const found = await content.referrers(repository, subject, { ...page, n: n + 1 });
  const manifests: Descriptor[] = [];
  let bytes = 0;
  for (const descriptor of found.slice(0, n)) {
    bytes += Buffer.byteLength(JSON.stringify(descriptor));
    if (bytes > limits.referrersPageBytesMax && manifests.length > 0) break;
    manifests.push(descriptor);
  }
  const more = manifests.length < found.length;
  return { manifests, next: more ? manifests.at(-1)?.digest : undefined };
}
