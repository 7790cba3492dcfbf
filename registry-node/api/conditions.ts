// Conditional requests (RFC 9110 section 13): content is named by its digest, so its digest is its strong validator.
import type { Digest } from '../oci/digest.ts';

export function etagOf(digest: Digest): string {
  return `"${digest}"`;
}

/** If-None-Match: does the client hold it already? Compares weakly, as section 13.1.2 wants, whatever else is listed. */
export function holdsAlready(ifNoneMatch: string | undefined, digest: Digest): boolean {
  if (ifNoneMatch === undefined) return false;
  const listed = ifNoneMatch.split(',').map((entry) => entry.trim().replace(/^W\//, ''));
  return listed.some((etag) => etag === '*' || etag === etagOf(digest));
}

/** If-Range: a part is of use only beside parts of the same bytes. Compares strongly; a date never matches. */
export function continuesSame(ifRange: string | string[] | undefined, digest: Digest): boolean {
  return ifRange === undefined || String(ifRange).trim() === etagOf(digest);
}
