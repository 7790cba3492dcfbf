// How far an import is: bytes of its blobs, each counted once however often it is asked for again.
import type { Digest } from '../../../registry-node/oci/digest.ts';
import type { OperationProgress } from '../../store/operations.ts';

export interface ImportProgress {
  /** What there is to do, once that is known. */
  expect(blobs: ReadonlyMap<Digest, number>): void;
  /** So many bytes of a blob are there. */
  held: (digest: Digest, bytes: number) => void;
  complete(): void;
  /** Bytes that are there. */
  bytes: () => number;
}

export function createProgress(report: (progress: OperationProgress) => void): ImportProgress {
  let sizes: ReadonlyMap<Digest, number> = new Map();
  const here = new Map<Digest, number>();
  let bytesDone = 0;
  let bytesTotal = 0;
  const tell = (): void => report({ bytesDone, bytesTotal });
  return {
    expect: (blobs) => {
      sizes = blobs;
      bytesTotal = [...blobs.values()].reduce((sum, size) => sum + size, 0);
      tell();
    },
    held: (digest, bytes) => {
      const now = Math.min(bytes, sizes.get(digest) ?? 0);
      bytesDone += now - (here.get(digest) ?? 0);
      here.set(digest, now);
      tell();
    },
    complete: () => {
      bytesDone = bytesTotal;
      tell();
    },
    bytes: () => bytesDone,
  };
}
