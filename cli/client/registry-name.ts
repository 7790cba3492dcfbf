// The registry's name as people type it: a login server is cut to its first label.
import { failure } from '../errors.ts';

const pattern = /^[a-zA-Z0-9-]{5,50}$/;

/** @throws CliError when it cannot be the name of a registry */
export function registryName(typed: string, warn: (text: string) => void): string {
  const dot = typed.indexOf('.');
  if (dot > 0) {
    warn(`The login server endpoint suffix '${typed.slice(dot)}' is automatically omitted.`);
  }
  const name = dot > 0 ? typed.slice(0, dot) : typed;
  if (pattern.test(name)) return name;
  throw failure(
    'Registry names may contain only alpha numeric characters and must be between 5 and 50 characters',
  );
}
