// A folder that only its owner can read: what is kept in ACRC_HOME are credentials and logs. Done at once, as every small file
// here is: node's promises of files take threads and 2 ms to begin.
import { mkdirSync, writeFileSync } from 'node:fs';

/** Makes it, and those above it, when it is missing. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** A file that only its owner reads. */
export function writePrivateFile(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
}
