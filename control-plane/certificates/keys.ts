// Keys and dates that the authority and its leaves have in common.
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export const dayMs = 24 * 3600 * 1000;
/** A client whose clock is a little behind must not find a certificate of the future. */
export const backdatedMs = 3600 * 1000;

export async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
}

/** PEM, PKCS #8. */
export async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}
