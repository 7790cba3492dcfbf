// Lists in pages, as Graph cuts them: `@odata.nextLink` leads to the next one. It says behind which place to go on, and not behind
// whom: who deletes page by page has deleted that one.
import type { FastifyRequest } from 'fastify';
import { origin } from '../../arm/origin.ts';
import type { ServicePrincipal } from '../service-principals.ts';

export interface ListQuery {
  $filter?: string;
  /** The place of the last one shown, in base64url. */
  $skiptoken?: string;
}

const pageEntries = 100;

/** By name, and no two at one place. */
function placeOf({ displayName, clientId }: ServicePrincipal): string {
  return `${displayName}\n${clientId}`;
}

/** @param found all that are meant */
export async function toList(
  request: FastifyRequest<{ Querystring: ListQuery }>,
  found: readonly ServicePrincipal[],
  show: (item: ServicePrincipal) => Promise<object>,
): Promise<object> {
  const after = request.query.$skiptoken;
  const shown = after === undefined ? '' : Buffer.from(after, 'base64url').toString();
  const left = found
    .filter((item) => placeOf(item) > shown)
    .toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
  const page = left.slice(0, pageEntries);
  const value = await Promise.all(page.map(show));
  if (page.length === left.length) return { value };
  const next = new URL(request.url, origin(request));
  next.searchParams.set('$skiptoken', Buffer.from(placeOf(page.at(-1)!)).toString('base64url'));
  return { value, '@odata.nextLink': next.href };
}
