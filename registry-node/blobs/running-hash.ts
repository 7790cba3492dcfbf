// The sha256 of a blob that is still arriving. Large pieces go to the thread that hashes (hash-thread.ts); for a small blob
// the message would cost more than the hash, so it is hashed here.
import { createDigester, type Digest, type DigestAlgorithm, finishDigest } from '../oci/digest.ts';
import { type HashThread, sharedHashThread } from './hash-thread.ts';

export interface RunningHash {
  /** Hashes what comes next. Resolves when `bytes` may change again. */
  update(bytes: Uint8Array): Promise<void>;
  /** Of all pieces so far; undefined when the thread has ended meanwhile, and what it knew is lost. */
  digest(): Digest | undefined;
  /** To be called when nobody asks any more. */
  end(): void;
}

export const runningAlgorithm: DigestAlgorithm = 'sha256';
/** Less is hashed in the time that a message takes. */
const threadBytesMin = 64 * 1024;

let lastNumber = 0;

/** @param threadOf where large blobs are hashed */
export function startHash(threadOf: () => HashThread | undefined = sharedHashThread): RunningHash {
  let hash: RunningHash | undefined;
  const place = (bytes: number): RunningHash => {
    const thread = bytes < threadBytesMin ? undefined : threadOf();
    return thread ? hashThere(thread) : hashHere();
  };
  return {
    update: (bytes) => (hash ??= place(bytes.length)).update(bytes),
    digest: () => (hash ??= hashHere()).digest(),
    end: () => hash?.end(),
  };
}

function hashHere(): RunningHash {
  const hash = createDigester(runningAlgorithm);
  return {
    update: async (bytes) => {
      hash.update(bytes);
    },
    digest: () => finishDigest(runningAlgorithm, hash.copy()),
    end: () => undefined,
  };
}

function hashThere(thread: HashThread): RunningHash {
  const number = ++lastNumber;
  let hex: string | undefined;
  return {
    update: async (bytes) => {
      hex = await thread.update(number, bytes).catch(() => undefined);
    },
    digest: () => (hex === undefined ? undefined : (`${runningAlgorithm}:${hex}` as Digest)),
    end: () => thread.forget(number),
  };
}
