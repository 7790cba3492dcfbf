// Whom a client trusts when it was given an authority: that one first, and the usual ones too once a server turns out to be
// certified by none other. Reading all the usual ones takes 15 ms of a command and 5 MB of a node, mostly for nothing. A server
// that is not trusted has been sent nothing yet, so asking it again is safe.
import { getCACertificates } from 'node:tls';

/** The codes of OpenSSL for a certificate that is good in itself, but nobody who is trusted stands for it. */
const codes: ReadonlySet<string> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** Whether a connection failed because nobody who is trusted stands for the server. */
export function isOfUnknownAuthority(error: unknown): boolean {
  return error instanceof Error && 'code' in error && codes.has(String(error.code));
}

/** @param authority PEM. @returns it and the usual ones */
export function besideUsual(authority: string): string[] {
  return [...getCACertificates('default'), authority];
}
