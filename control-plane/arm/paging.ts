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
function skipTokenAfter(name: string): string {
  return Buffer.from(`${skipTokenPrefix}${name.toLowerCase()}`).toString('base64url');
}

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
): { value: Wire[]; nextLink?: string } {
  const count = entriesShown(request);
  const shown = entries.slice(0, count);
  const value = shown.map(toWire);
  if (entries.length <= count) return { value };
  const next = new URL(request.url, origin(request));
  next.searchParams.set('$skiptoken', skipTokenAfter(shown.at(-1)!.name));
  return { value, nextLink: next.href };
}

/** Of a list that is at hand as a whole, by name: what `pageOf` would have asked a store for. */
export function pageFrom<Entry extends { name: string }>(page: Page, entries: readonly Entry[]): Entry[] {
  const key = ({ name }: Entry): string => name.toLowerCase();
  return entries
    .filter((entry) => page.after === undefined || key(entry) > page.after)
    .toSorted((left, right) => (key(left) < key(right) ? -1 : 1))
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
