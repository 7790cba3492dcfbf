// Conditional requests (RFC 9110 section 13): content is named by its digest, so its digest is its strong validator.
import type { IncomingHttpHeaders } from 'node:http';
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

/**
 * If-Match and If-None-Match of a change (section 13.1): may it be made to what is there now? So two clients that read the same
 * tag do not undo each other's push, and a tag can be set only where there is none (`If-None-Match: *`).
 * @returns undefined when the client sets no condition
 */
export function conditionOf({
  'if-match': ifMatch,
  'if-none-match': ifNoneMatch,
}: IncomingHttpHeaders): ((current: Digest | undefined) => boolean) | undefined {
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
  return (current) => {
    if (current === undefined) return ifMatch === undefined;
    return (ifMatch === undefined || names(ifMatch, current)) && !holdsAlready(ifNoneMatch, current);
  };
}

/** Compares strongly: a weak validator never matches. */
function names(ifMatch: string, digest: Digest): boolean {
  const listed = ifMatch.split(',').map((entry) => entry.trim());
  return listed.some((etag) => etag === '*' || etag === etagOf(digest));
}
