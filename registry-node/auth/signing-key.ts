// The key that signs a registry's tokens: made at the first start, kept where only this user reads it, so that clients stay
// signed in over a restart.
import { createHash, createPublicKey, generateKeyPair } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface SigningKey {
  /** PEM. */
  privateKey: string;
  publicKey: string;
  keyId: string;
}

const modulusBits = 2048;

export async function openSigningKey(folder: string): Promise<SigningKey> {
  const path = join(folder, 'token-key.pem');
  const privateKey = (await readIfThere(path)) ?? (await makeKey(path));
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return {
    privateKey,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    keyId: keyIdOf(der),
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written beside its place and renamed into it: a start that is cut short leaves no half a key. */
async function makeKey(path: string): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: modulusBits });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(pem);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  return pem;
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** libtrust's fingerprint, which registries use: 240 bits of the key's hash in base32, twelve groups of four. */
function keyIdOf(der: Buffer): string {
  const hash = createHash('sha256').update(der).digest().subarray(0, 30);
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = bits.match(/.{5}/g)!.map((five) => base32[Number.parseInt(five, 2)]!);
  return letters.join('').match(/.{4}/g)!.join(':');
}
