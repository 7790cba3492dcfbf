// Lists in pages, as Graph cuts them: `@odata.nextLink` leads to the next one.
import type { FastifyRequest } from 'fastify';
import { origin } from '../../arm/origin.ts';
import type { ServicePrincipal } from '../service-principals.ts';

export interface ListQuery {
  $filter?: string;
  /** The client id of the last one shown. */
  $skiptoken?: string;
}

const pageEntries = 100;

/** @param found all that are meant, in their order */
export async function toList(
  request: FastifyRequest<{ Querystring: ListQuery }>,
  found: readonly ServicePrincipal[],
  show: (item: ServicePrincipal) => Promise<object>,
): Promise<object> {
  const after = request.query.$skiptoken;
  const start = after === undefined ? 0 : found.findIndex(({ clientId }) => clientId === after) + 1;
  const page = found.slice(start, start + pageEntries);
  const value = await Promise.all(page.map(show));
  if (start + page.length >= found.length) return { value };
  const next = new URL(request.url, origin(request));
  next.searchParams.set('$skiptoken', page.at(-1)!.clientId);
  return { value, '@odata.nextLink': next.href };
}
