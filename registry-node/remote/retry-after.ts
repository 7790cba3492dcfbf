// When to come again, as a server asks for it (RFC 9110 section 10.2.3).
export const retryAfterMsMax = 3_600_000;

/** @param header seconds or an HTTP date; undefined of anything else. @returns at most `retryAfterMsMax` */
export function readRetryAfter(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), retryAfterMsMax) : undefined;
}
