// Lists of the data plane come in pages: `Link: </acr/v1/…>; rel="next"` names the next one.
import type { AxiosResponse } from 'axios';
import type { RegistryClient } from './registry.ts';

const pageSize = 100;
const pagesMax = 10_000;

export interface PageRequest {
  /** Without its query. */
  path: string;
  query?: string;
  scope: string;
  /** At most so many items; absent: all. */
  top: number | undefined;
}

/** @param name the property of a page that holds the list */
export async function readPages<Item>(
  client: RegistryClient,
  { path, query = 'orderby=', scope, top }: PageRequest,
  name: string,
): Promise<Item[]> {
  const found: Item[] = [];
  const size = Math.min(top ?? pageSize, pageSize);
  let next: string | undefined = `${path}?n=${size}&${query}`;
  for (let page = 0; next !== undefined && page < pagesMax; page++) {
    const response: AxiosResponse<Partial<Record<string, Item[] | null>>> = await client.expect({
      path: next,
      scope,
    });
    found.push(...(response.data[name] ?? []));
    if (top !== undefined && found.length >= top) break;
    next = /<([^>]+)>;\s*rel="?next"?/.exec(String(response.headers.link ?? ''))?.[1];
  }
  return found.slice(0, top);
}
