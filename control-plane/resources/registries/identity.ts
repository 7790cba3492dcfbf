// The managed identities of a registry. Nothing here signs in with one; they are kept, with ids made for them, so that
// templates which name them can be applied.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { enumeration } from '../../arm/enumeration.ts';
import { ArmError } from '../../arm/errors.ts';
import { readOnly } from '../../arm/read-only.ts';

const identityTypes = ['None', 'SystemAssigned', 'UserAssigned', 'SystemAssigned, UserAssigned'] as const;

export interface RegistryIdentity {
  type: (typeof identityTypes)[number];
  /** Of the one that the service assigns. */
  principalId?: string;
  tenantId?: string;
  userAssignedIdentities?: Record<string, { clientId: string; principalId: string }>;
}

const assignedMax = 100;

export const identitySchema = z.strictObject({
  ...readOnly('principalId', 'tenantId'),
  type: enumeration(
    identityTypes,
    new Map([['systemassigned,userassigned', 'SystemAssigned, UserAssigned']]),
  ),
  userAssignedIdentities: z
    .record(z.string().max(1024), z.strictObject(readOnly('clientId', 'principalId')).nullish())
    .refine((assigned) => Object.keys(assigned).length <= assignedMax, `at most ${assignedMax} identities`)
    .nullish(),
});

/**
 * One that is named with null is taken away, the others are added.
 * @returns undefined when none is left. @throws ArmError InvalidPropertyValue
 */
export function mergeIdentity(
  before: RegistryIdentity | undefined,
  input: z.infer<typeof identitySchema> | null | undefined,
  tenantId: string,
): RegistryIdentity | undefined {
  if (!input) return before;
  const { type } = input;
  if (type === 'None') return undefined;
  const given = Object.entries(input.userAssignedIdentities ?? {});
  if (given.length > 0 && !type.includes('UserAssigned'))
    throw new ArmError(
      'InvalidPropertyValue',
      `The identity type is '${type}', and identities were given. Set it to UserAssigned, or to 'SystemAssigned, UserAssigned'.`,
      'identity.type',
    );
  const kept = new Map(Object.entries(before?.userAssignedIdentities ?? {}));
  for (const [id, value] of given) {
    if (value === null) kept.delete(id);
    else if (!kept.has(id)) kept.set(id, { clientId: randomUUID(), principalId: randomUUID() });
  }
  return {
    type,
    ...(type.includes('SystemAssigned') && { principalId: before?.principalId ?? randomUUID(), tenantId }),
    ...(type.includes('UserAssigned') && { userAssignedIdentities: Object.fromEntries(kept) }),
  };
}
