// Passwords of tokens, admin users and service principals: made here, kept as verifiers, never readable again.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const scheme = 'sha256';
const saltBytes = 16;
const credentialCharacters = 16;

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

/** A password as it is kept. */
export interface KeptPassword {
  verifier: string;
  /** ISO 8601. */
  expiry?: string | undefined;
}

/** Which of them `password` is, as a credential (`Principal`): undefined when it is none, or expired. */
export function findCredential(
  passwords: readonly KeptPassword[],
  password: string,
  now: Date,
): string | undefined {
  const found = passwords.find((kept) => isGood(kept, now) && verifyPassword(password, kept.verifier));
  return found && credentialOf(found);
}

/** Is what was found by `findCredential` still one of them? */
export function hasCredential(
  passwords: readonly KeptPassword[],
  credential: string | undefined,
  now: Date,
): boolean {
  return passwords.some((kept) => isGood(kept, now) && credentialOf(kept) === credential);
}

function isGood({ expiry }: KeptPassword, now: Date): boolean {
  return expiry === undefined || Date.parse(expiry) > now.getTime();
}

/** Another one for every password, which tells nothing of it. */
function credentialOf({ verifier }: KeptPassword): string {
  return createHash(scheme).update(verifier).digest('base64url').slice(0, credentialCharacters);
}

function hash(salt: Buffer, password: string): Buffer {
  return createHash(scheme).update(salt).update(password).digest();
}
