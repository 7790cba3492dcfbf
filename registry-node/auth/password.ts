// Passwords of tokens, admin users and service principals: made here, kept as verifiers, never readable again.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const scheme = 'sha256';
const saltBytes = 16;

/** ACR marks its passwords, so that scanners find leaked ones. */
const marker = '+ACR';
const markerOffset = 42;
const randomBytesLength = 36;

/**
 * A new password of 52 characters from base64's alphabet, 48 of them random: 288 bits. It holds no `=`, so it may stand
 * in a connection string as it is.
 */
export function generatePassword(): string {
  const random = randomBytes(randomBytesLength).toString('base64');
  return random.slice(0, markerOffset) + marker + random.slice(markerOffset);
}

/**
 * What is stored in place of `password`: `sha256:<salt>:<hash>`, both base64url.
 *
 * One round of a fast hash is right here and nowhere else: every password comes from `generatePassword`, and 288 random
 * bits cannot be guessed however fast the guesses are. A slow hash would only help passwords that people choose, and
 * would cost each sign-in of a small site a tenth of a second of its only core.
 */
export function makeVerifier(password: string): string {
  const salt = randomBytes(saltBytes);
  return [scheme, salt.toString('base64url'), hash(salt, password).toString('base64url')].join(':');
}

/** Compares in constant time. A verifier that cannot be read verifies nothing. */
export function verifyPassword(password: string, verifier: string): boolean {
  const [found, salt, expected] = verifier.split(':');
  if (found !== scheme || salt === undefined || expected === undefined) return false;
  const actual = hash(Buffer.from(salt, 'base64url'), password);
  const wanted = Buffer.from(expected, 'base64url');
  return wanted.length === actual.length && timingSafeEqual(wanted, actual);
}

function hash(salt: Buffer, password: string): Buffer {
  return createHash(scheme).update(salt).update(password).digest();
}
