// A repository's name has slashes, and a route's parameter has none. The name is percent-encoded in the URL before it is
// routed, so that every route reads it as one parameter. Names arrive with plain slashes from Docker and already
// encoded from the SDKs.

/** `/v2/<name>/<noun>/…`: the longest name wins, because a component may be called `blobs` or `manifests`. */
const registryPath =
  /^\/v2\/(.+)\/((?:manifests|referrers)\/[^/]+|tags\/list|blobs\/uploads(?:\/[^/]*)?|blobs\/[^/]+)$/;
/** What a name is made of when nothing in it is encoded, as nearly every client sends it. */
const plainName = /^[\w./-]*$/;
/** `/acr/v1/<name>[/_tags…|/_manifests…]`: no component of a name begins with an underscore. */
const metadataPath = /^\/acr\/v1\/(?!_)(.+?)(\/_.*)?$/;

/** @param url path and query, as requested @returns the same with the name as one segment */
export function encodeRepositoryName(url: string): string {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark);
  const registry = registryPath.exec(path);
  if (registry) return `/v2/${asSegment(registry[1]!)}/${registry[2]}${query}`;
  const metadata = metadataPath.exec(path);
  if (metadata) return `/acr/v1/${asSegment(metadata[1]!)}${metadata[2] ?? ''}${query}`;
  return url;
}

function asSegment(name: string): string {
  if (plainName.test(name)) return name.replaceAll('/', '%2F');
  try {
    return encodeURIComponent(decodeURIComponent(name));
  } catch {
    // A `%` that encodes nothing: no route's name, and encoded once more it stays one that is refused.
    return encodeURIComponent(name);
  }
}
