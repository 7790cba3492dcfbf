// One page of a metadata list: `n`, `last`, `orderby`, and the Link to the next (Azure REST API, Container Registry
// data plane).
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OciError } from '../../registry-node/oci/errors.ts';
import { limits } from '../../registry-node/oci/limits.ts';

export interface PageQuery {
  n?: string;
  last?: string;
  orderby?: string;
  digest?: string;
}

/**
 * Cuts the page out of `entries` (in the order of their keys) and sets the Link header when there is another.
 * @param timeOf what `orderby=timedesc` and `timeasc` sort by
 * @throws OciError PAGINATION_NUMBER_INVALID
 */
export function answerPage<Entry>(
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
  timeOf?: (entry: Entry) => Date,
): Entry[] {
  const { n, last, orderby = '' } = request.query as PageQuery;
  const size = n === undefined ? limits.pageEntriesDefault : parseSize(n);
  const sorted = timeOf ? sort(entries, orderby, timeOf) : [...entries];
  const from = last === undefined ? 0 : sorted.findIndex((entry) => keyOf(entry) === last) + 1;
  const page = sorted.slice(from, from + size);
  if (page.length > 0 && from + size < sorted.length) {
    const query = new URLSearchParams({ last: keyOf(page.at(-1)!), n: String(size), orderby });
    reply.header('link', `<${path}?${query.toString()}>; rel="next"`);
  }
  return page;
}

function parseSize(text: string): number {
  const size = Number(text);
  if (Number.isSafeInteger(size) && size > 0) return Math.min(size, limits.pageEntriesMax);
  throw new OciError('PAGINATION_NUMBER_INVALID', `'${text}' is not a number of entries above 0`);
}

function sort<Entry>(entries: readonly Entry[], order: string, timeOf: (entry: Entry) => Date): Entry[] {
  if (order !== 'timeasc' && order !== 'timedesc') return [...entries];
  const direction = order === 'timeasc' ? 1 : -1;
  return [...entries].sort((left, right) => direction * (timeOf(left).getTime() - timeOf(right).getTime()));
}
