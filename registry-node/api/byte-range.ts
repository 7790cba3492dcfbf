// The Range header of a blob's GET (RFC 9110 section 14): one range of bytes. Several at once, other units and what cannot be
// read are ignored, as the RFC allows, and the whole blob is sent.
import type { ByteRange } from '../blobs/blob-store.ts';

const pattern = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i;

/** @param size of the whole, in bytes @returns undefined for the whole */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const match = header === undefined ? undefined : pattern.exec(header);
  if (!match) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  if (first === '') return suffix(Number(last), size);
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  // An end before its start may be ignored or refused (RFC 9110, 14.2); the conformance suite of the specification refuses.
  if (last !== '' && Number(last) < start) return 'unsatisfiable';
  return start < size ? { start, end } : 'unsatisfiable';
}

/** The last `length` bytes. */
function suffix(length: number, size: number): ByteRange | 'unsatisfiable' {
  if (length === 0 || size === 0) return 'unsatisfiable';
  return { start: Math.max(0, size - length), end: size - 1 };
}
