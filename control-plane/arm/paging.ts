// Lists in pages (`$top`, `$skiptoken`, `nextLink`): a registry may hold 50,000 tokens, an answer may not.
import type { FastifyRequest } from 'fastify';
import type { Page } from '../store/resources.ts';
import { ArmError } from './errors.ts';
import { origin } from './origin.ts';

const pageEntriesMax = 500;
const skipTokenPrefix = 'after ';

interface PageQuery {
  $top?: string;
  $skiptoken?: string;
}

/**
 * What to ask the store for: one entry more than is shown tells whether there are others.
 * @throws ArmError InvalidSkipToken, InvalidTopInQueryString
 */
export function pageOf(request: FastifyRequest): Page {
  const token = (request.query as PageQuery).$skiptoken;
  return { after: token === undefined ? undefined : readSkipToken(token), limit: entriesShown(request) + 1 };
}

/** Clients take it as it is: only `nextLink` makes one. */
function skipTokenAfter(key: string): string {
  return Buffer.from(`${skipTokenPrefix}${key}`).toString('base64url');
}

/** What the entries of a list are ordered by. No two of a list may have the same, else a page that ends between them skips one. */
export type PageKey<Entry> = (entry: Entry) => string;

const byName: PageKey<{ name: string }> = ({ name }) => name.toLowerCase();

function readSkipToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (text.startsWith(skipTokenPrefix)) return text.slice(skipTokenPrefix.length);
  throw new ArmError('InvalidSkipToken', `The $skiptoken '${token}' is not one that this server issued.`);
}

/** @param entries what `pageOf` asked for */
export function toPage<Entry extends { name: string }, Wire>(
  request: FastifyRequest,
  entries: Entry[],
  toWire: (entry: Entry) => Wire,
  keyOf: PageKey<Entry> = byName,
): { value: Wire[]; nextLink?: string } {
  const count = entriesShown(request);
  const shown = entries.slice(0, count);
  const value = shown.map(toWire);
  if (entries.length <= count) return { value };
  const next = new URL(request.url, origin(request));
  next.searchParams.set('$skiptoken', skipTokenAfter(keyOf(shown.at(-1)!)));
  return { value, nextLink: next.href };
}

/** Of a list that is at hand as a whole: what `pageOf` would have asked a store for. */
export function pageFrom<Entry extends { name: string }>(
  page: Page,
  entries: readonly Entry[],
  keyOf: PageKey<Entry> = byName,
): Entry[] {
  return entries
    .filter((entry) => page.after === undefined || keyOf(entry) > page.after)
    .toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))
    .slice(0, page.limit);
}

function entriesShown(request: FastifyRequest): number {
  const { $top } = request.query as PageQuery;
  if ($top === undefined) return pageEntriesMax;
  if (!/^[1-9]\d{0,8}$/.test($top)) {
    throw new ArmError(
      'InvalidTopInQueryString',
      `Invalid $top '${$top}' specified in the query string: expected a whole number from 1 on.`,
    );
  }
  return Math.min(Number($top), pageEntriesMax);
}
