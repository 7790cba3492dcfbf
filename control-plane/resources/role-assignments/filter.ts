// `$filter` of role assignments (Azure RBAC, "List role assignments"): which of those that the scope of the request can
// see are meant.
import { ArmError } from '../../arm/errors.ts';
import { isWithin, keyOf } from '../../arm/resource-id.ts';
import type { Resource } from '../../store/resource.ts';
import type { RoleAssignmentProperties } from './schema.ts';

type RoleAssignment = Resource<RoleAssignmentProperties>;

const terms = [
  { pattern: /^atScope\(\)$/i, kind: 'atScope' },
  { pattern: /^principalId\s+eq\s+'([^']*)'$/i, kind: 'principal' },
  { pattern: /^assignedTo\('([^']*)'\)$/i, kind: 'principal' },
] as const;

/**
 * Without `atScope()` also those below the scope. There are no groups, so that `assignedTo` and `principalId` mean the same.
 * @param scope the one that the request names. @throws ArmError InvalidFilterInQueryString
 */
export function parseAssignmentFilter(
  filter: string | undefined,
  scope: string,
): (assignment: RoleAssignment) => boolean {
  let below = true;
  let principal: string | undefined;
  const written = (filter ?? '').trim().replaceAll(/\s+/g, ' ');
  for (const term of written === '' ? [] : written.split(/ and /i)) {
    const found = terms
      .map(({ pattern, kind }) => ({ kind, match: pattern.exec(term) }))
      .find(({ match }) => match);
    if (!found) {
      throw new ArmError(
        'InvalidFilterInQueryString',
        `The filter '${filter}' is not supported. Supported filters are atScope(), principalId eq '{value}', assignedTo('{value}'), alone or joined by and.`,
      );
    }
    if (found.kind === 'atScope') below = false;
    else principal = found.match![1]!.toLowerCase();
  }
  const key = keyOf(scope);
  return ({ properties }) =>
    (isWithin(key, keyOf(properties.scope)) || (below && isWithin(keyOf(properties.scope), key))) &&
    (principal === undefined || properties.principalId === principal);
}
