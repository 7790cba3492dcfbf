// A token: a scope map and up to two passwords (Azure REST API, Tokens). Passwords are kept as verifiers and never
// come back.
import { z } from 'zod';
import { enumeration } from '../../arm/enumeration.ts';
import { type Envelope, toEnvelope } from '../../arm/envelope.ts';
import { offsetTime } from '../../arm/instant.ts';
import { readOnly, readOnlyEnvelope, readOnlyState } from '../../arm/read-only.ts';
import { resourceTypes } from '../../arm/resource-id.ts';
import { type Resource, resourceKind } from '../../store/resource.ts';

export const passwordNames = ['password1', 'password2'] as const;
export type PasswordName = (typeof passwordNames)[number];

export interface TokenPassword {
  name: PasswordName;
  /** See registry-node/auth/password.ts. */
  verifier: string;
  /** ISO 8601. */
  creationTime: string;
  /** ISO 8601; absent: never. */
  expiry?: string | undefined;
}

const certificateNames = ['certificate1', 'certificate2'] as const;
/** Far above what a certificate in PEM, encoded once more, comes to. */
const certificateTextMax = 64 * 1024;

/** Kept for who manages it; nobody signs in with one. */
export interface TokenCertificate {
  name: (typeof certificateNames)[number];
  /** Base64 of the PEM. */
  encodedPemCertificate: string;
  /** SHA-1 in hexadecimal. */
  thumbprint: string;
  /** ISO 8601. */
  expiry: string;
}

export interface TokenProperties {
  /** ISO 8601. */
  creationDate: string;
  scopeMapId: string;
  status: 'enabled' | 'disabled';
  passwords: TokenPassword[];
  certificates?: TokenCertificate[] | undefined;
}
export const tokenKind = resourceKind<TokenProperties>(resourceTypes.token);

const status = enumeration(['enabled', 'disabled']);
const credentials = z.strictObject({
  certificates: z
    .array(
      z.strictObject({
        ...readOnly('expiry', 'thumbprint'),
        name: enumeration(certificateNames),
        encodedPemCertificate: z.string().max(certificateTextMax).nullish(),
      }),
    )
    .nullish(),
  passwords: z
    .array(
      z.strictObject({ ...readOnly('creationTime', 'expiry', 'value'), name: enumeration(passwordNames) }),
    )
    .nullish(),
});

export const tokenPutSchema = z.strictObject({
  ...readOnlyEnvelope,
  properties: z.strictObject({
    ...readOnlyState,
    scopeMapId: z.string(),
    status: status.nullish(),
    credentials: credentials.nullish(),
  }),
});
export const tokenPatchSchema = z.strictObject({
  ...readOnlyEnvelope,
  properties: z
    .strictObject({
      ...readOnlyState,
      scopeMapId: z.string().nullish(),
      status: status.nullish(),
      credentials: credentials.nullish(),
    })
    .nullish(),
});
export type TokenInput = NonNullable<z.infer<typeof tokenPatchSchema>['properties']>;

export const generateCredentialsSchema = z.strictObject({
  tokenId: z.string(),
  name: enumeration(passwordNames).nullish(),
  expiry: z.iso.datetime({ offset: true }).nullish(),
});

export function toPassword(password: TokenPassword): object {
  const { name, creationTime, expiry } = password;
  return { creationTime: offsetTime(creationTime), expiry: expiry && offsetTime(expiry), name };
}

/** @param provisioningState what the caller is told while its operation counts as running */
export function toToken(
  token: Resource<TokenProperties>,
  provisioningState: 'Succeeded' | 'Creating' | 'Updating' = 'Succeeded',
): Envelope {
  const { creationDate, scopeMapId, passwords, certificates = [], status } = token.properties;
  return toEnvelope(token, {
    creationDate: offsetTime(creationDate),
    provisioningState,
    scopeMapId,
    credentials: {
      certificates: certificates.length > 0 ? certificates : undefined,
      passwords: passwords.map(toPassword),
    },
    status,
  });
}
