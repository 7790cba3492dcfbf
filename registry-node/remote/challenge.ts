// What a 401 asks for: `WWW-Authenticate: Bearer realm="…",service="…",scope="…"` (distribution's token specification;
// RFC 9110 section 11.6.1), and whether a password may be carried to the realm that it names.

export type Challenge =
  | { scheme: 'basic' }
  | { scheme: 'bearer'; realm: string; service: string | undefined; scope: string | undefined };

const parameter = /([a-zA-Z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;

/** @returns the strongest challenge that this client understands; Bearer before Basic. */
export function parseChallenges(headers: readonly string[]): Challenge | undefined {
  const bearer = headers.map((header) => afterScheme(header, 'bearer')).find((text) => text !== undefined);
  if (bearer !== undefined) {
    const found = new Map<string, string>();
    for (const [, name, quoted, bare] of bearer.matchAll(parameter)) {
      found.set(name!.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '');
    }
    const realm = found.get('realm');
    if (realm) return { scheme: 'bearer', realm, service: found.get('service'), scope: found.get('scope') };
  }
  return headers.some((header) => afterScheme(header, 'basic') !== undefined)
    ? { scheme: 'basic' }
    : undefined;
}

function afterScheme(header: string, scheme: string): string | undefined {
  const match = new RegExp(`(?:^|,\\s*)${scheme}(?:\\s+|$)`, 'i').exec(header);
  return match ? header.slice(match.index + match[0].length) : undefined;
}

/**
 * A registry names the place where its tokens are issued. A password goes there only when that place is the registry's
 * own host, or, over TLS, a neighbour: a host below the domain that the registry's host is directly in, or that domain
 * itself (registry-1.docker.io and auth.docker.io; registry.gitlab.com and gitlab.com). It is never sent from a TLS
 * registry to a realm without TLS.
 */
export function mayCarryPassword(registry: URL, realm: URL): boolean {
  if (realm.protocol !== 'https:' && realm.protocol !== 'http:') return false;
  if (registry.protocol === 'https:' && realm.protocol !== 'https:') return false;
  if (realm.hostname === registry.hostname) return true;
  const domain = registry.hostname.slice(registry.hostname.indexOf('.') + 1);
  if (realm.protocol !== 'https:' || !domain.includes('.') || isAddress(registry.hostname)) return false;
  return realm.hostname === domain || realm.hostname.endsWith(`.${domain}`);
}

function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^[\d.]+$/.test(hostname);
}
