// The version of the package, for --version and `acrc version`.
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { parseObject, textOf } from './json-object.ts';

const file = findPackageJSON(import.meta.url);
const description = file === undefined ? undefined : parseObject(readFileSync(file, 'utf8'));
/** e.g. `0.1.0` */
export const version = textOf(description, 'version') ?? 'unknown';
