// Members of a body that only the service sets. Clients that read a resource, change it and send it back (a generic
// update, an infrastructure tool) send them along; they are accepted and change nothing.
import { z } from 'zod';

export function readOnly<const Name extends string>(
  ...names: Name[]
): Record<Name, z.ZodOptional<z.ZodUnknown>> {
  const member = z.unknown().optional();
  return Object.fromEntries(names.map((name) => [name, member])) as Record<Name, typeof member>;
}

/** What stands beside `properties` in every resource. */
export const readOnlyEnvelope = readOnly('id', 'name', 'type', 'systemData');
/** What every resource has in `properties`. */
export const readOnlyState = readOnly('provisioningState', 'creationDate');
