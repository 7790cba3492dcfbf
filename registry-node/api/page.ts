// Lists in pages: `n` and `last` in, a relative `Link` out when there is more (distribution-spec, end-8b).
import type { FastifyReply } from 'fastify';
import { OciError } from '../oci/errors.ts';
import { limits } from '../oci/limits.ts';

export interface PageRequest {
  /** Entries in the answer, at most. */
  n: number;
  /** Exclusive. */
  last: string | undefined;
}

/** @throws OciError PAGINATION_NUMBER_INVALID */
export function parsePage(query: URLSearchParams): PageRequest {
  const text = query.get('n') ?? '';
  if (!/^\d{0,15}$/.test(text)) {
    throw new OciError('PAGINATION_NUMBER_INVALID', `n is '${text}'; expected a whole number`, { n: text });
  }
  const n = text === '' ? limits.pageEntriesDefault : Math.min(Number(text), limits.pageEntriesMax);
  return { n, last: query.get('last') || undefined };
}

/** Cuts `found` to the page, and links to the next when it holds more than the page does. */
export function cutPage(reply: FastifyReply, path: string, { n }: PageRequest, found: string[]): string[] {
  const entries = found.slice(0, n);
  const last = entries.at(-1);
  if (found.length > n && last !== undefined) {
    reply.header('link', `<${path}?last=${encodeURIComponent(last)}&n=${n}>; rel="next"`);
  }
  return entries;
}
