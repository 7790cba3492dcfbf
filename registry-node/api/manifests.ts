// Manifests: pulling, pushing and deleting them, by tag and by digest (distribution-spec, end-3, end-7, end-9).
import { readBody } from '../http/body.ts';
import { OciError } from '../oci/errors.ts';
import { limits } from '../oci/limits.ts';
import { parseReference, parseTag, type Reference, type Tag } from '../oci/reference.ts';
import type { Change, StoredManifest } from '../content/content.ts';
import { conditionOf, etagOf, holdsAlready } from './conditions.ts';
import type { RepositoryExchange, RepositoryRoute } from './route.ts';

const path = 'manifests/:reference';

export const manifestRoutes: readonly RepositoryRoute[] = [
  { end: 'end-3', method: 'GET', path, actions: ['content/read'], handle: get },
  { end: 'end-3', method: 'HEAD', path, actions: ['content/read'], handle: head },
  { end: 'end-7', method: 'PUT', path, actions: ['content/write'], change: true, handle: put },
  { end: 'end-9', method: 'DELETE', path, actions: ['content/delete'], change: true, handle: remove },
];

async function get(exchange: RepositoryExchange): Promise<unknown> {
  const { request, reply } = exchange;
  const manifest = await describe(exchange);
  if (holdsAlready(request.headers['if-none-match'], manifest.digest)) return reply.code(304).send();
  return reply.send(manifest.bytes);
}

async function head(exchange: RepositoryExchange): Promise<unknown> {
  const { request, reply } = exchange;
  const { bytes, digest } = await describe(exchange);
  if (holdsAlready(request.headers['if-none-match'], digest)) return reply.code(304).send();
  return reply.header('content-length', bytes.length).send();
}

/** Finds the manifest and puts what is known of it into the answer's headers. */
async function describe(exchange: RepositoryExchange): Promise<StoredManifest> {
  const { content, repository, reply } = exchange;
  const reference = parseReference(exchange.parameter('reference'));
  const manifest = await content.manifest(repository, reference);
  if (!manifest) throw unknown(exchange, reference);
  reply.headers({
    'content-type': manifest.mediaType,
    'docker-content-digest': manifest.digest,
    etag: etagOf(manifest.digest),
  });
  return manifest;
}

async function put(exchange: RepositoryExchange): Promise<unknown> {
  const { content, repository, request, reply, query } = exchange;
  const reference = parseReference(exchange.parameter('reference'));
  const tags = reference.tag === undefined ? parseTags(query.getAll('tag')) : [reference.tag];
  const bytes = await readBody(
    request.raw,
    limits.manifestBytesMax,
    () =>
      new OciError(
        'MANIFEST_TOO_LARGE',
        `a manifest may have ${limits.manifestBytesMax} bytes and this one has more`,
      ),
  );
  const { digest, subject } = await content.putManifest(
    { repository, bytes, mediaType: request.headers['content-type'], digest: reference.digest, tags },
    changeTo(exchange, reference),
  );
  if (subject) reply.header('oci-subject', subject);
  if (reference.tag === undefined && tags.length > 0) reply.header('oci-tag', tags);
  return reply
    .code(201)
    .headers({ location: `/v2/${repository}/manifests/${digest}`, 'docker-content-digest': digest })
    .send();
}

/** `?tag=a&tag=b`: each once. @throws OciError TAG_INVALID, URI_TOO_LONG */
function parseTags(texts: readonly string[]): Tag[] {
  const tags = [...new Set(texts.map(parseTag))];
  if (tags.length <= limits.manifestTagsMax) return tags;
  throw new OciError(
    'URI_TOO_LONG',
    `a manifest is pushed with at most ${limits.manifestTagsMax} tags at once and this one has ${tags.length}; push the rest by another request`,
  );
}

/** A digest takes the manifest with every tag on it; a tag only itself. */
async function remove(exchange: RepositoryExchange): Promise<unknown> {
  const { content, repository, reply } = exchange;
  const reference = parseReference(exchange.parameter('reference'));
  const change = changeTo(exchange, reference);
  const removed =
    reference.tag === undefined
      ? await content.deleteManifest(repository, reference.digest, change)
      : await content.untag(repository, reference.tag, change);
  if (!removed) throw unknown(exchange, reference);
  return reply.code(202).send();
}

function changeTo({ change, request }: RepositoryExchange, reference: Reference): Change {
  const holds = conditionOf(request.headers);
  return holds ? { ...change, condition: { reference, holds } } : change;
}

/** Clients print the detail; its spelling is distribution's. */
function unknown({ repository }: RepositoryExchange, { tag, digest }: Reference): OciError {
  return tag === undefined
    ? new OciError('MANIFEST_UNKNOWN', `manifest ${digest} is not found`, {
        Name: repository,
        Revision: digest,
      })
    : new OciError('MANIFEST_UNKNOWN', `manifest tagged by "${tag}" is not found`, { Tag: tag });
}
