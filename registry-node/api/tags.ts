// The tags of a repository (distribution-spec, end-8).
import type { Tag } from '../oci/reference.ts';
import { cutPage, parsePage } from './page.ts';
import type { RepositoryExchange, RepositoryRoute } from './route.ts';

export const tagRoutes: readonly RepositoryRoute[] = [
  {
    end: 'end-8',
    method: 'GET',
    path: 'tags/list',
    // ACR asks for the one, everybody else's clients for the other.
    actions: ['metadata/read', 'content/read'],
    any: true,
    handle: list,
  },
];

async function list({ content, repository, reply, query }: RepositoryExchange): Promise<unknown> {
  const page = parsePage(query);
  // Any text may say where to go on: it is only compared with.
  const found = await content.tags(repository, { n: page.n + 1, last: page.last as Tag | undefined });
  return reply.send({ name: repository, tags: cutPage(reply, `/v2/${repository}/tags/list`, page, found) });
}
