// The part of OData's `$filter` that clients use here: `a eq 'x' and startswith(b, 'y')`.
import { ArmError } from './errors.ts';

export interface Condition<Name extends string> {
  name: Name;
  operator: 'eq' | 'startswith';
  value: string;
}

const text = String.raw`'((?:[^']|'')*)'`;
const condition = new RegExp(
  String.raw`\s*(?:([\w./]+)\s+eq\s+${text}|startswith\(\s*([\w./]+)\s*,\s*${text}\s*\))\s*(and\b|$)`,
  'iy',
);

/**
 * @param names the properties that may be compared, as documented
 * @returns what each must equal, under its documented name
 * @throws ArmError InvalidFilterInQueryString
 */
export function parseFilter<Name extends string>(
  filter: string | undefined,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {};
  for (const { name, operator, value } of parseConditions(filter, names)) {
    if (operator !== 'eq') throw invalid(filter ?? '', names);
    found[name] = value;
  }
  return found;
}

/** All of them must hold. @throws ArmError InvalidFilterInQueryString */
export function parseConditions<Name extends string>(
  filter: string | undefined,
  names: readonly Name[],
): Condition<Name>[] {
  const conditions: Condition<Name>[] = [];
  const rest = (filter ?? '').trim();
  let more = rest !== '';
  condition.lastIndex = 0;
  while (more) {
    const match = condition.exec(rest);
    const name = match && nameIn(names, match[1] ?? match[3]!);
    if (!name) throw invalid(rest, names);
    const operator = match[1] === undefined ? 'startswith' : 'eq';
    conditions.push({ name, operator, value: (match[2] ?? match[4]!).replaceAll("''", "'") });
    more = match[5] !== '';
  }
  return conditions;
}

function nameIn<Name extends string>(names: readonly Name[], written: string): Name | undefined {
  const path = written
    .replaceAll('/', '.')
    .replace(/^properties\./i, '')
    .toLowerCase();
  return names.find((name) => name.toLowerCase() === path);
}

function invalid(filter: string, names: readonly string[]): ArmError {
  return new ArmError(
    'InvalidFilterInQueryString',
    `Invalid $filter '${filter}' specified in the query string: expected ${names.map((known) => `${known} eq '…'`).join(' and ')}.`,
  );
}
