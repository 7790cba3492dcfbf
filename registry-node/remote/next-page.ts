// Where a list goes on, as a registry's Link header says (RFC 8288).

/**
 * Behind a proxy a registry may not know its own host, so only the path and the query of what it names are taken. They are
 * set and not resolved: a path that begins with two slashes would resolve to another host, which then got the token.
 * @param url the page that the header came with @returns undefined on the last page, and when the header names no URL
 */
export function nextPage(link: string | undefined, url: URL): URL | undefined {
  const named = /<([^>]*)>\s*;[^,]*rel="?next"?/i.exec(link ?? '')?.[1];
  if (!named || !URL.canParse(named, url.href)) return undefined;
  const { pathname, search } = new URL(named, url);
  const next = new URL(url);
  next.pathname = pathname;
  next.search = search;
  return next;
}
