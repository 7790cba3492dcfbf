// The key that signs a registry's tokens: made at the first start, kept where only this user reads it, so that clients stay
// signed in over a restart.
import { createHash, createPublicKey, generateKeyPair } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openSecret } from '../data-folder/secret-file.ts';

export interface SigningKey {
  /** PEM. */
  privateKey: string;
  publicKey: string;
  keyId: string;
}

const modulusBits = 2048;

export async function openSigningKey(folder: string): Promise<SigningKey> {
  const privateKey = await openPrivateKey(join(folder, 'token-key.pem'));
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return {
    privateKey,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    keyId: keyIdOf(der),
  };
}

/** The RSA key at `path` (PEM, PKCS #8), made when it is missing. */
export function openPrivateKey(path: string): Promise<string> {
  return openSecret(path, async () => {
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: modulusBits });
    return privateKey.export({ type: 'pkcs8', format: 'pem' });
  });
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** libtrust's fingerprint, which registries use: 240 bits of the key's hash in base32, twelve groups of four. */
function keyIdOf(der: Buffer): string {
  const hash = createHash('sha256').update(der).digest().subarray(0, 30);
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = bits.match(/.{5}/g)!.map((five) => base32[Number.parseInt(five, 2)]!);
  return letters.join('').match(/.{4}/g)!.join(':');
}
