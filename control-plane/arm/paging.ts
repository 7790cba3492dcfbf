// Lists in pages (`$skiptoken`, `nextLink`): a registry may hold 50,000 tokens, an answer may not.
import type { FastifyRequest } from 'fastify';
import type { Page } from '../store/resources.ts';
import { ArmError } from './errors.ts';
import { origin } from './origin.ts';

const pageEntries = 500;

interface PageQuery {
  $skiptoken?: string;
}

/** What to ask the store for: one entry more than is shown tells whether there are others. */
export function pageOf(request: FastifyRequest): Page {
  const token = (request.query as PageQuery).$skiptoken;
  if (token !== undefined && !/^[\w-]{1,100}$/.test(token)) {
    throw new ArmError('InvalidSkipToken', `The $skiptoken '${token}' is not one that this server issued.`);
  }
  return { after: token, limit: pageEntries + 1 };
}

/** @param entries what `pageOf` asked for */
export function toPage<Entry extends { name: string }, Wire>(
  request: FastifyRequest,
  entries: Entry[],
  toWire: (entry: Entry) => Wire,
): { value: Wire[]; nextLink?: string } {
  const shown = entries.slice(0, pageEntries);
  const value = shown.map(toWire);
  if (entries.length <= pageEntries) return { value };
  const next = new URL(request.url, origin(request));
  next.searchParams.set('$skiptoken', shown.at(-1)!.name);
  return { value, nextLink: next.href };
}
