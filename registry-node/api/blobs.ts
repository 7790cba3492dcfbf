// Blobs: pulling and removing them (distribution-spec, end-2, end-10). The bytes go from the file to the socket without
// passing through Fastify (blobs/send.ts).
import type { OutgoingHttpHeaders } from 'node:http';
import type { ByteRange } from '../blobs/blob-store.ts';
import { keepStream } from '../http/recall.ts';
import { answerWithStream, type Streamed } from '../http/stream.ts';
import { type Digest, parseDigest } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import { parseRange } from './byte-range.ts';
import { continuesSame, etagOf, holdsAlready } from './conditions.ts';
import type { RepositoryExchange, RepositoryRoute } from './route.ts';

const path = 'blobs/:digest';

export const blobRoutes: readonly RepositoryRoute[] = [
  { end: 'end-2', method: 'GET', path, actions: ['content/read'], handle: get },
  { end: 'end-2', method: 'HEAD', path, actions: ['content/read'], handle: head },
  { end: 'end-10', method: 'DELETE', path, actions: ['content/delete'], change: true, handle: remove },
];

async function head(exchange: RepositoryExchange): Promise<unknown> {
  const { request, reply } = exchange;
  const { digest, size } = await describe(exchange);
  if (holdsAlready(request.headers['if-none-match'], digest)) return reply.code(304).send();
  return reply.header('content-length', size).send();
}

async function get(exchange: RepositoryExchange): Promise<unknown> {
  const { request, reply } = exchange;
  const { digest, size } = await describe(exchange);
  const { range: asked, 'if-range': condition, 'if-none-match': held } = request.headers;
  if (holdsAlready(held, digest)) return reply.code(304).send();
  const range = continuesSame(condition, digest) ? parseRange(asked, size) : undefined;
  if (range === 'unsatisfiable') {
    throw new OciError('RANGE_UNSATISFIABLE', `the blob has ${size} bytes`, undefined, {
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
  reply.header('content-length', range ? range.end - range.start + 1 : size);
  return send(exchange, digest, range);
}

/** Finds the blob and puts what is known of it into the answer's headers. */
async function describe(exchange: RepositoryExchange): Promise<{ digest: Digest; size: number }> {
  const { content, repository, reply } = exchange;
  const digest = parseDigest(exchange.parameter('digest'));
  const size = await content.blobSize(repository, digest);
  if (size === undefined) throw unknown(digest);
  reply.headers({
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
    etag: etagOf(digest),
  });
  return { digest, size };
}

async function send(
  { content, repository, request, reply }: RepositoryExchange,
  digest: Digest,
  range: ByteRange | undefined,
): Promise<unknown> {
  const headers = reply.getHeaders() as OutgoingHttpHeaders;
  const body: Streamed = {
    name: `blob ${digest} of ${repository}`,
    send: (target) => content.sendBlob(repository, digest, target, range),
  };
  if (!range) keepStream(request.raw, headers, body);
  await answerWithStream(reply.raw, { status: reply.statusCode, headers, body, log: request.log });
  return reply.hijack();
}

async function remove({ content, repository, reply, ...exchange }: RepositoryExchange): Promise<unknown> {
  const digest = parseDigest(exchange.parameter('digest'));
  if (!(await content.unlinkBlob(repository, digest))) throw unknown(digest);
  return reply.code(202).header('docker-content-digest', digest).send();
}

function unknown(digest: Digest): OciError {
  return new OciError('BLOB_UNKNOWN', undefined, { digest });
}
