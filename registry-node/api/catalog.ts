// The catalog: repositories that the caller may see, and no sign of the others.
import type { RepositoryName } from '../oci/name.ts';
import { cutPage, parsePage } from './page.ts';
import type { Exchange, RegistryRoute } from './route.ts';

const path = '/v2/_catalog';

export const catalogRoutes: readonly RegistryRoute[] = [
  { end: 'catalog', method: 'GET', path, need: 'catalog', handle: list },
];

/** Names read at once while looking for those that may be seen. */
const scanEntries = 1000;

async function list({ content, caller, reply, query }: Exchange): Promise<unknown> {
  const page = parsePage(query);
  const visible = (repository: RepositoryName): boolean =>
    caller.may(repository, 'content/read') || caller.may(repository, 'metadata/read');
  const found: RepositoryName[] = [];
  let last = page.last as RepositoryName | undefined;
  while (found.length <= page.n) {
    const names = await content.repositories({ last, n: scanEntries });
    found.push(...names.filter(visible));
    if (names.length < scanEntries) break;
    last = names.at(-1);
  }
  return reply.send({ repositories: cutPage(reply, path, page, found) });
}
