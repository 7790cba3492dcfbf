// A token: a scope map and up to two passwords (Azure REST API, Tokens). Passwords are kept as verifiers and never
// come back.
import { z } from 'zod';
import { enumeration } from '../../arm/enumeration.ts';
import { type Envelope, toEnvelope } from '../../arm/envelope.ts';
import { offsetTime } from '../../arm/instant.ts';
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

export interface TokenProperties {
  /** ISO 8601. */
  creationDate: string;
  scopeMapId: string;
  status: 'enabled' | 'disabled';
  passwords: TokenPassword[];
}
export const tokenKind = resourceKind<TokenProperties>(resourceTypes.token);

const status = enumeration(['enabled', 'disabled']);
const credentials = z.object({
  certificates: z.array(z.unknown()).nullish(),
  passwords: z.array(z.object({ name: enumeration(passwordNames) })).nullish(),
});

export const tokenPutSchema = z.object({
  properties: z.object({
    scopeMapId: z.string(),
    status: status.nullish(),
    credentials: credentials.nullish(),
  }),
});
export const tokenPatchSchema = z.object({
  properties: z
    .object({
      scopeMapId: z.string().nullish(),
      status: status.nullish(),
      credentials: credentials.nullish(),
    })
    .nullish(),
});
export type TokenInput = NonNullable<z.infer<typeof tokenPatchSchema>['properties']>;

export const generateCredentialsSchema = z.object({
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
  const { creationDate, scopeMapId, passwords, status } = token.properties;
  return toEnvelope(token, {
    creationDate: offsetTime(creationDate),
    provisioningState,
    scopeMapId,
    credentials: { passwords: passwords.map(toPassword) },
    status,
  });
}
