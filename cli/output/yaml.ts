// YAML as az prints it: block style, keys sorted, lists at the level of their key, quoted what YAML 1.1 would take for a time or
// a truth value. A file of its own because the library is slow to load.
import { stringify } from 'yaml';

export function toYaml(value: unknown): string {
  return stringify(value, {
    version: '1.1',
    sortMapEntries: true,
    indentSeq: false,
    singleQuote: true,
    lineWidth: 0,
  }).trimEnd();
}
