// One page of a metadata list: `n`, `last`, `orderby`, and the relative Link to the next, spelled as ACR spells it (Azure
// REST API, Container Registry data plane; ACR keeps an empty `orderby` in it).
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { MetadataOrder } from '../../../registry-node/content/metadata.ts';
import { type Digest, parseDigest } from '../../../registry-node/oci/digest.ts';
import { OciError } from '../../../registry-node/oci/errors.ts';
import { limits } from '../../../registry-node/oci/limits.ts';

export interface PageRequest {
  /** Entries in the answer, at most. */
  n: number;
  /** Exclusive. */
  last: string | undefined;
  lastUpdatedAt: Date | undefined;
  order: MetadataOrder;
  /** As it came. */
  orderby: string;
  /** Only tags on this manifest. */
  digest: Digest | undefined;
}

const orders: ReadonlyMap<string, MetadataOrder> = new Map([
  ['', 'name'],
  ['none', 'name'],
  ['timeasc', 'timeasc'],
  ['timedesc', 'timedesc'],
]);

/** See `placeOf`. A client that was given no link may name an entry, too, which is looked up. */
const placePattern = /^(\d{1,15})\$(.+)$/;

/** @throws OciError PAGINATION_NUMBER_INVALID, DIGEST_INVALID, REQUEST_INVALID */
export function parsePage(request: FastifyRequest): PageRequest {
  const query = new URL(request.url, 'http://registry').searchParams;
  const orderby = query.get('orderby') ?? '';
  const order = orders.get(orderby.toLowerCase());
  if (!order) {
    throw new OciError('REQUEST_INVALID', `orderby is '${orderby}'; expected none, timeasc or timedesc`);
  }
  const digest = query.get('digest');
  const last = query.get('last') || undefined;
  const [, time, name] = (order !== 'name' && last !== undefined && placePattern.exec(last)) || [];
  return {
    n: parseSize(query.get('n')),
    last: name ?? last,
    lastUpdatedAt: time === undefined ? undefined : new Date(Number(time)),
    order,
    orderby,
    digest: digest === null ? undefined : parseDigest(digest),
  };
}

function parseSize(text: string | null): number {
  if (text === null || text === '') return limits.pageEntriesDefault;
  const size = Number(text);
  if (Number.isSafeInteger(size) && size > 0) return Math.min(size, limits.pageEntriesMax);
  throw new OciError('PAGINATION_NUMBER_INVALID', `'${text}' is not a number of entries above 0`);
}

/**
 * What a link names an entry by. In an order by time that is its time, too: `acr purge` deletes a page before it asks for the next,
 * and what is deleted, or moved meanwhile, has no other place any more. No tag and no digest has a `$`.
 */
export function placeOf({ order }: PageRequest, name: string, updatedAt: Date): string {
  return order === 'name' ? name : `${updatedAt.getTime()}$${name}`;
}

/** Cuts `found` to the page, and links to the next when it holds more than the page does. */
export function linkNext<Entry>(
  reply: FastifyReply,
  path: string,
  { n, orderby, digest }: PageRequest,
  found: readonly Entry[],
  toPlace: (entry: Entry) => string,
): Entry[] {
  const page = found.slice(0, n);
  if (found.length > n) {
    const filter = digest === undefined ? {} : { digest };
    const query = new URLSearchParams({ last: toPlace(page.at(-1)!), n: String(n), orderby, ...filter });
    reply.header('link', `<${path}?${query.toString()}>; rel="next"`);
  }
  return page;
}
