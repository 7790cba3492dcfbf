// The catalog: repositories that the caller may see, and no sign of the others.
import type { Caller } from '../auth/gate.ts';
import type { Content } from '../content/content.ts';
import type { RepositoryName } from '../oci/name.ts';
import { cutPage, type PageRequest, parsePage } from './page.ts';
import type { Exchange, RegistryRoute } from './route.ts';

const path = '/v2/_catalog';

export const catalogRoutes: readonly RegistryRoute[] = [
  { end: 'catalog', method: 'GET', path, need: 'catalog', handle: list },
];

/** Names read at once while looking for those that may be seen. */
const scanEntries = 1000;

async function list({ content, caller, reply, query }: Exchange): Promise<unknown> {
  const page = parsePage(query);
  const found = await visibleRepositories(content, caller, page);
  return reply.send({ repositories: cutPage(reply, path, page, found) });
}

/** Those after `last` whose content or metadata the caller may read. @returns more than `n` when there are more */
export async function visibleRepositories(
  content: Content,
  caller: Caller,
  page: PageRequest,
): Promise<RepositoryName[]> {
  const visible = (repository: RepositoryName): boolean =>
    caller.may(repository, 'content/read') || caller.may(repository, 'metadata/read');
  const found: RepositoryName[] = [];
  // Any text may say where to go on: it is only compared with.
  let last = page.last as RepositoryName | undefined;
  while (found.length <= page.n) {
    const names = await content.repositories({ last, n: scanEntries });
    found.push(...names.filter(visible));
    if (names.length < scanEntries) break;
    last = names.at(-1);
  }
  return found;
}
