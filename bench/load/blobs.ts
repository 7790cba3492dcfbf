// Blobs to push and pull: random, each different from the others, and cheap to make by the hundred because all share their end.
import { createHash } from 'node:crypto';
import { randomBytes } from '../../fixtures/images/random-bytes.ts';

export interface Blob {
  digest: string;
  pieces: readonly [Uint8Array, Uint8Array];
}

const mebibyte = 1024 * 1024;
const beginningBytes = 64;

export function makeBlobs(seed: string, mebibytes: number, count: number): Blob[] {
  const end = Buffer.concat([...randomBytes(seed, mebibytes * mebibyte - beginningBytes)]);
  return Array.from({ length: count }, (_, index) => {
    const beginning = Buffer.alloc(beginningBytes, `${seed}-${index}.`);
    const digest = `sha256:${createHash('sha256').update(beginning).update(end).digest('hex')}`;
    return { digest, pieces: [beginning, end] };
  });
}
