// YAML as az prints it: block style, keys sorted. A file of its own because the library is slow to load.
import { stringify } from 'yaml';

export function toYaml(value: unknown): string {
  return stringify(value, { sortMapEntries: true, lineWidth: 0 }).trimEnd();
}
