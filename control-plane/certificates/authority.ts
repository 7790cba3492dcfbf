// The development authority: signs this control plane's certificates and nothing else. Its key never leaves the data
// folder.
import 'reflect-metadata';
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as x509 from '@peculiar/x509';
import { writeSecretFile } from '../../registry-node/data-folder/secret-file.ts';
import { backdatedMs, dayMs, exportKey, generateKeys, keyAlgorithm } from './keys.ts';

const lifetimeMs = 3650 * dayMs;
/** Made anew when it has less than this left: no leaf may outlive it. */
const leastLeftMs = 400 * dayMs;

export interface Authority {
  certificate: x509.X509Certificate;
  privateKey: webcrypto.CryptoKey;
}

/**
 * Opens the authority in `file` with the key in `keyFile`, making both when they are missing, foreign to each other
 * or old.
 */
export async function openAuthority(file: string, keyFile: string, now: Date): Promise<Authority> {
  const kept = await read(file, keyFile);
  if (kept && kept.certificate.notAfter.getTime() > now.getTime() + leastLeftMs) return kept;
  const made = await make(now);
  await writeSecretFile(keyFile, await exportKey(made.privateKey));
  await writeSecretFile(file, made.certificate.toString('pem'));
  return made;
}

async function read(file: string, keyFile: string): Promise<Authority | undefined> {
  const [pem, keyPem] = await Promise.all([readIfThere(file), readIfThere(keyFile)]);
  if (pem === undefined || keyPem === undefined) return undefined;
  if (!new X509Certificate(pem).checkPrivateKey(createPrivateKey(keyPem))) return undefined;
  const der = x509.PemConverter.decodeFirst(keyPem);
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der, keyAlgorithm, true, ['sign']);
  return { certificate: new x509.X509Certificate(pem), privateKey };
}

async function make(now: Date): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=acrc development authority',
      notBefore: new Date(now.getTime() - backdatedMs),
      notAfter: new Date(now.getTime() + lifetimeMs),
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto,
  );
  return { certificate, privateKey: keys.privateKey };
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
