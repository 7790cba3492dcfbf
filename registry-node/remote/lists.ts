// Catalog and tags of another registry, page by page as its Link headers lead (distribution-spec, "Listing Tags"; RFC 8288).
import { z } from 'zod';
import { RemoteError } from './errors.ts';
import { readAll } from './answer.ts';
import { nextPage } from './next-page.ts';
import { catalog, pulling, type Purpose } from './purpose.ts';
import type { Requests } from './requests.ts';

export interface ListRequests {
  repositories(signal?: AbortSignal): AsyncIterable<string>;
  /** @throws RemoteError not-found when there is no such repository */
  tags(repository: string, signal?: AbortSignal): AsyncIterable<string>;
}

const pageEntries = 1000;
const pagesMax = 100_000;
const pageBytesMax = 16 * 1024 * 1024;
const catalogSchema = z.object({ repositories: z.array(z.string()).nullish() });
const tagsSchema = z.object({ tags: z.array(z.string()).nullish() });

export function listRequests(requests: Requests): ListRequests {
  return {
    async *repositories(signal) {
      for await (const page of pages(requests, '/v2/_catalog', catalog, signal)) {
        yield* checked(catalogSchema.safeParse(page), 'catalog').repositories ?? [];
      }
    },
    async *tags(repository, signal) {
      for await (const page of pages(requests, `/v2/${repository}/tags/list`, pulling(repository), signal)) {
        yield* checked(tagsSchema.safeParse(page), 'list of tags').tags ?? [];
      }
    },
  };
}

export async function* pages(
  requests: Requests,
  path: string,
  purpose: Purpose,
  signal: AbortSignal | undefined,
): AsyncIterable<unknown> {
  let url: URL | undefined = new URL(`${path}?n=${pageEntries}`, requests.origin);
  for (let page = 0; url && page < pagesMax; page++) {
    const answer = await requests.expect({ method: 'GET', path: url, purpose, signal });
    const body = await readAll(answer.body, pageBytesMax, { method: 'GET', url });
    yield parsed(body, url);
    url = nextPage(answer.header('link'), url);
  }
}

function parsed(body: Buffer, url: URL): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new RemoteError('malformed', `GET ${url.origin}${url.pathname} was not answered with JSON`, {
      cause: error,
    });
  }
}

function checked<T>(result: z.ZodSafeParseResult<T>, what: string): T {
  if (result.success) return result.data;
  throw new RemoteError('malformed', `the registry's ${what} is not what the specification says`);
}
