// The part of OData's `$filter` that clients use here: `a eq 'x' and b eq 'y'`.
import { ArmError } from './errors.ts';

const comparison = /^\s*([\w./]+)\s+eq\s+'((?:[^']|'')*)'\s*$/i;

/**
 * @param names the properties that may be compared, as documented
 * @returns what each must equal, under its documented name
 * @throws ArmError InvalidFilterInQueryString
 */
export function parseFilter<Name extends string>(
  text: string | undefined,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {};
  if (text === undefined || text.trim() === '') return found;
  for (const part of text.split(/\s+and\s+/i)) {
    const match = comparison.exec(part);
    const property = match?.[1]!
      .replaceAll('/', '.')
      .replace(/^properties\./i, '')
      .toLowerCase();
    const name = names.find((candidate) => candidate.toLowerCase() === property);
    if (!match || name === undefined) {
      throw new ArmError(
        'InvalidFilterInQueryString',
        `Invalid $filter '${text}' specified in the query string: expected ${names.map((known) => `${known} eq '…'`).join(' and ')}.`,
      );
    }
    found[name] = match[2]!.replaceAll("''", "'");
  }
  return found;
}
