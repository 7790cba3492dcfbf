// A server's certificate, for all the names under which it is reached.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import * as x509 from '@peculiar/x509';
import type { Authority } from './authority.ts';
import { backdatedMs, dayMs, exportKey, generateKeys } from './keys.ts';

/** Some clients refuse leaves that live longer than 398 days. */
const lifetimeMs = 397 * dayMs;
const renewedBeforeMs = 60 * dayMs;

export interface Leaf {
  names: readonly string[];
  renewAt: Date;
  /** PEM. */
  key: string;
  /** PEM: the leaf, then its authority. */
  certificate: string;
  context: SecureContext;
}

/** @param names host names, wildcards and IP addresses */
export async function issueLeaf(authority: Authority, names: readonly string[], now: Date): Promise<Leaf> {
  const keys = await generateKeys();
  const expiresAt = new Date(now.getTime() + lifetimeMs);
  const made = await x509.X509CertificateGenerator.create(
    {
      subject: 'CN=acrc',
      issuer: authority.certificate.subject,
      notBefore: new Date(now.getTime() - backdatedMs),
      notAfter: expiresAt,
      publicKey: keys.publicKey,
      signingKey: authority.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
        ),
        await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
      ],
    },
    webcrypto,
  );
  const key = await exportKey(keys.privateKey);
  const certificate = `${made.toString('pem')}\n${authority.certificate.toString('pem')}\n`;
  return {
    names,
    renewAt: new Date(expiresAt.getTime() - renewedBeforeMs),
    key,
    certificate,
    context: createSecureContext({ key, cert: certificate }),
  };
}
