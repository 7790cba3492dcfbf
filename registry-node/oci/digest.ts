// A digest names content by its hash (OCI image-spec, descriptor.md, "Digests"). Parsed once at the edge;
// everything inside receives a `Digest` and may use it as a key or a file name without another check.
import { createHash, type Hash } from 'node:crypto';
import { OciError } from './errors.ts';

export type Digest = string & { readonly __brand: 'Digest' };
export type DigestAlgorithm = 'sha256' | 'sha512';

const hexLength: Record<DigestAlgorithm, number> = { sha256: 64, sha512: 128 };
const pattern = /^(sha256|sha512):([a-f0-9]+)$/;

/** @returns the digest, or undefined when `text` is not a sha256 or sha512 digest in lower-case hex. */
export function tryParseDigest(text: string): Digest | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  return match[2]!.length === hexLength[match[1] as DigestAlgorithm] ? (text as Digest) : undefined;
}

/** @throws OciError DIGEST_INVALID */
export function parseDigest(text: string): Digest {
  const digest = tryParseDigest(text);
  if (!digest) {
    throw new OciError(
      'DIGEST_INVALID',
      `'${text}' is not a digest: expected sha256: or sha512: and its hex`,
    );
  }
  return digest;
}

export function digestAlgorithm(digest: Digest): DigestAlgorithm {
  return digest.slice(0, digest.indexOf(':')) as DigestAlgorithm;
}

/** The hash without its algorithm: 64 or 128 lower-case hex characters, safe as a file name. */
export function digestHex(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1);
}

export function createDigester(algorithm: DigestAlgorithm = 'sha256'): Hash {
  return createHash(algorithm);
}

/** Finishes a hash made by `createDigester`. The hash cannot be used afterwards; copy it first to go on. */
export function finishDigest(algorithm: DigestAlgorithm, hash: Hash): Digest {
  return `${algorithm}:${hash.digest('hex')}` as Digest;
}

export function digestOf(bytes: Uint8Array | string, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return finishDigest(algorithm, createHash(algorithm).update(bytes));
}
