// `$filter` as `az ad` and `az role` write it: ARM's comparisons, and `names/any(n:n eq 'x')` for one of several values.
import { type Condition, parseConditions } from '../../arm/filter.ts';

/** Begins where a name begins, or else each letter of a long one would be tried as its first. */
const anyOf = /(?<![\w./])([\w./]+)\/any\(\s*(\w+)\s*:\s*\2\s+eq\s+('(?:[^']|'')*')\s*\)/gi;

/**
 * @param properties what objects may be found by, each with its values in one of them
 * @returns whether an object is meant. @throws ArmError InvalidFilterInQueryString
 */
export function parseGraphFilter<Item>(
  filter: string | undefined,
  properties: Readonly<Record<string, (item: Item) => readonly string[]>>,
): (item: Item) => boolean {
  const compared = filter?.replaceAll(anyOf, '$1 eq $3');
  const conditions = parseConditions(compared, Object.keys(properties));
  return (item) =>
    conditions.every((each) => properties[each.name]!(item).some((value) => holds(each, value)));
}

function holds({ operator, value }: Condition<string>, found: string): boolean {
  const [left, right] = [found.toLowerCase(), value.toLowerCase()];
  return operator === 'eq' ? left === right : left.startsWith(right);
}
