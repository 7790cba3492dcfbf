// Secrets that the control plane makes for itself and keeps: the RSA key that signs access tokens, and the secret
// that the admin users' passwords derive from. Files of mode 0600 in the data folder.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { openPrivateKey } from '../../registry-node/auth/signing-key.ts';
import { openSecret } from '../../registry-node/data-folder/secret-file.ts';

export interface SigningKey {
  keyId: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** Opens the RSA key at `path` (PEM, PKCS #8), making it when it is missing. */
export async function openSigningKey(path: string): Promise<SigningKey> {
  const privateKey = createPrivateKey(await openPrivateKey(path));
  const publicKey = createPublicKey(privateKey);
  const keyId = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  return { keyId, privateKey, publicKey };
}

/** Opens 32 random bytes at `path`, making them when they are missing. */
export async function openRandomSecret(path: string): Promise<Buffer> {
  return Buffer.from(await openSecret(path, async () => randomBytes(32).toString('hex')), 'hex');
}
