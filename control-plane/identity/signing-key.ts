// Secrets that the control plane makes for itself and keeps: the RSA key that signs access tokens, and the secret
// that the admin users' passwords derive from. Files of mode 0600 in the data folder.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeSecretFile } from './secret-file.ts';

export interface SigningKey {
  keyId: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** Opens the RSA key at `path` (PEM, PKCS #8), making it when it is missing. */
export async function openSigningKey(path: string): Promise<SigningKey> {
  const pem = await openSecret(path, () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return privateKey.export({ type: 'pkcs8', format: 'pem' });
  });
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const keyId = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  return { keyId, privateKey, publicKey };
}

/** Opens 32 random bytes at `path`, making them when they are missing. */
export async function openRandomSecret(path: string): Promise<Buffer> {
  return Buffer.from(await openSecret(path, () => randomBytes(32).toString('hex')), 'hex');
}

async function openSecret(path: string, make: () => string | Buffer): Promise<string> {
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (kept !== undefined) return kept.trim();
  const made = String(make());
  await writeSecretFile(path, made);
  return made.trim();
}
