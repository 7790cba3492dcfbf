// Certificates of a token: checked, kept and shown. The registry's sign-in knows no certificates, as far as is public.
import { X509Certificate } from 'node:crypto';
import { ArmError } from '../../arm/errors.ts';
import { offsetTime } from '../../arm/instant.ts';
import type { TokenCertificate, TokenInput } from './schema.ts';

type Input = NonNullable<NonNullable<NonNullable<TokenInput['credentials']>['certificates']>[number]>;

/** As with passwords: listing fewer than there are deletes the others. @throws ArmError InvalidPropertyValue */
export function keptCertificates(
  certificates: readonly TokenCertificate[],
  input: TokenInput['credentials'],
): TokenCertificate[] {
  const listed = input?.certificates;
  if (!listed) return [...certificates];
  const names = new Set(listed.map(({ name }) => name));
  if (names.size < listed.length)
    throw invalid('A name is given to two certificates. Call one certificate1 and the other certificate2.');
  return listed.flatMap((entry) =>
    entry.encodedPemCertificate
      ? [parseCertificate(entry.name, entry.encodedPemCertificate)]
      : certificates.filter(({ name }) => name === entry.name),
  );
}

function parseCertificate(name: Input['name'], encodedPemCertificate: string): TokenCertificate {
  try {
    const certificate = new X509Certificate(Buffer.from(encodedPemCertificate, 'base64'));
    return {
      name,
      expiry: offsetTime(certificate.validTo),
      thumbprint: certificate.fingerprint.replaceAll(':', '').toLowerCase(),
      encodedPemCertificate,
    };
  } catch (error) {
    throw invalid(`The ${name} is not the Base64 encoding of a certificate in PEM.`, { cause: error });
  }
}

function invalid(message: string, options?: ErrorOptions): ArmError {
  return new ArmError('InvalidPropertyValue', message, 'properties.credentials.certificates', options);
}
