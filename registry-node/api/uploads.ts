// Pushing blobs (distribution-spec, end-4, end-5, end-6, end-11, end-13, end-14): at once, in pieces, or by mounting what
// another repository holds. Locations are relative, because ACR's SDKs strip their first character and treat the rest as
// a path.
import type { FastifyRequest } from 'fastify';
import type { Flow } from '../blobs/flow.ts';
import { bodyOf } from '../http/body.ts';
import { type Digest, parseDigest, tryParseDigest } from '../oci/digest.ts';
import { OciError } from '../oci/errors.ts';
import { limits } from '../oci/limits.ts';
import { tryParseRepositoryName } from '../oci/name.ts';
import type { RepositoryExchange, RepositoryRoute } from './route.ts';

const start = 'blobs/uploads';
const session = 'blobs/uploads/:id';
const write = { actions: ['content/write'], change: true } as const;

export const uploadRoutes: readonly RepositoryRoute[] = [
  { end: 'end-4', method: 'POST', path: start, ...write, upload: true, handle: begin },
  { end: 'end-4', method: 'POST', path: `${start}/`, ...write, upload: true, handle: begin },
  { end: 'end-5', method: 'PATCH', path: session, ...write, upload: true, handle: append },
  { end: 'end-6', method: 'PUT', path: session, ...write, upload: true, handle: finish },
  { end: 'end-13', method: 'GET', path: session, ...write, handle: status },
  { end: 'end-14', method: 'DELETE', path: session, ...write, handle: cancel },
];

async function begin(exchange: RepositoryExchange): Promise<unknown> {
  const { content, repository, request, query } = exchange;
  const mount = tryParseDigest(query.get('mount') ?? '');
  if (mount && (await mayMount(exchange, mount)) && (await content.linkBlob(repository, mount))) {
    return created(exchange, mount);
  }
  refuseAlgorithm(query.get('digest-algorithm'));
  const whole = query.has('digest') ? parseDigest(query.get('digest')!) : undefined;
  const id = await content.uploads.start(repository, exchange.caller.principal.name);
  if (!whole) return accepted(exchange, id, 0);
  try {
    await content.uploads.finish(repository, id, whole, { source: bytesOf(request) });
  } catch (error) {
    // The client does not know the session, so nobody could go on with it. Where the disk refuses this too, it expires.
    await content.uploads.cancel(repository, id).catch(() => undefined);
    throw error;
  }
  return created(exchange, whole);
}

/** The body, unless it says that it is longer than any blob may be; one that does not say is cut off by the store. */
function bytesOf({ raw, headers }: FastifyRequest): Flow {
  if (Number(headers['content-length'] ?? 0) > limits.blobBytesMax) throw new OciError('BLOB_TOO_LARGE');
  return bodyOf(raw);
}

/** A mount takes what the caller may read anyway: from the repository named, or from any, when none is. */
async function mayMount({ content, caller, query }: RepositoryExchange, digest: Digest): Promise<boolean> {
  const from = query.get('from');
  const mayRead = (repository: string): boolean => caller.may(repository, 'content/read');
  if (from === null) return (await content.repositoriesOfBlob(digest, limits.mountSourcesMax)).some(mayRead);
  const source = tryParseRepositoryName(from);
  if (!source || !mayRead(source)) return false;
  return content.mayMountFrom(source, digest);
}

/** The session learns its algorithm from the final digest; a name that no digest could have is refused at once. */
function refuseAlgorithm(algorithm: string | null): void {
  if (algorithm === null || algorithm === 'sha256' || algorithm === 'sha512') return;
  throw new OciError(
    'DIGEST_INVALID',
    `the digest algorithm '${algorithm}' is unknown: use sha256 or sha512`,
  );
}

async function append(exchange: RepositoryExchange): Promise<unknown> {
  const { content, repository, request } = exchange;
  const id = exchange.parameter('id');
  const piece = { source: bytesOf(request), start: parseContentRange(request.headers) };
  const bytes = await withState(exchange, id, () => content.uploads.append(repository, id, piece));
  return accepted(exchange, id, bytes);
}

async function finish(exchange: RepositoryExchange): Promise<unknown> {
  const { content, repository, request, query } = exchange;
  const id = exchange.parameter('id');
  const digest = parseDigest(query.get('digest') ?? '');
  const last = { source: bytesOf(request), start: parseContentRange(request.headers) };
  const bytes = await withState(exchange, id, () => content.uploads.finish(repository, id, digest, last));
  exchange.reply.header('range', rangeOf(bytes));
  return created(exchange, digest);
}

async function status(exchange: RepositoryExchange): Promise<unknown> {
  const { content, repository, reply } = exchange;
  const id = exchange.parameter('id');
  const bytes = await content.uploads.bytes(repository, id);
  return reply
    .code(204)
    .headers(stateHeaders(exchange, id, bytes))
    .send();
}

async function cancel(exchange: RepositoryExchange): Promise<unknown> {
  await exchange.content.uploads.cancel(exchange.repository, exchange.parameter('id'));
  return exchange.reply.code(204).send();
}

/** `Content-Range: 0-1023` (without RFC 9110's unit). @returns where the piece says it starts @throws OciError */
function parseContentRange(headers: {
  'content-range'?: string | undefined;
  'content-length'?: string | undefined;
}): number | undefined {
  const text = headers['content-range'];
  if (text === undefined) return undefined;
  const match = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/.*)?$/.exec(text);
  if (!match) throw new OciError('RANGE_INVALID', `Content-Range is '${text}'; expected <first>-<last>`);
  const [first, last] = [Number(match[1]), Number(match[2])];
  const length = headers['content-length'];
  if (length !== undefined && last - first + 1 !== Number(length)) {
    throw new OciError('SIZE_INVALID', `Content-Range is '${text}' and Content-Length is ${length}`);
  }
  return first;
}

/** A piece that does not fit is answered with where the session stands, so that the client need not ask. */
async function withState<T>(exchange: RepositoryExchange, id: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OciError) || error.code !== 'RANGE_INVALID') throw error;
    const bytes = await exchange.content.uploads.bytes(exchange.repository, id);
    const headers = stateHeaders(exchange, id, bytes);
    throw new OciError('RANGE_INVALID', error.message, error.detail, { cause: error, headers });
  }
}

function stateHeaders({ repository }: RepositoryExchange, id: string, bytes: number): Record<string, string> {
  return {
    location: `/v2/${repository}/blobs/uploads/${id}`,
    range: rangeOf(bytes),
    'docker-upload-uuid': id,
  };
}

/** Nothing received is `0-0`, too, as registries have it: the last byte's position cannot be -1. */
function rangeOf(bytes: number): string {
  return `0-${Math.max(0, bytes - 1)}`;
}

async function accepted(exchange: RepositoryExchange, id: string, bytes: number): Promise<unknown> {
  return exchange.reply
    .code(202)
    .headers(stateHeaders(exchange, id, bytes))
    .send();
}

async function created({ reply, repository }: RepositoryExchange, digest: Digest): Promise<unknown> {
  return reply
    .code(201)
    .headers({ location: `/v2/${repository}/blobs/${digest}`, 'docker-content-digest': digest })
    .send();
}
