// A folder that only its owner can read: what is kept in ACRC_HOME are credentials and logs. Done at once, as every small file
// here is: node's promises of files take threads and 2 ms to begin.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes it, and those above it, when it is missing. One by one: asked for all of them, Node tries for ever where nothing can be
 * made and the system says that nothing is there, as below /proc.
 */
export function makePrivateFolder(folder: string): void {
  if (isFolder(folder)) return;
  // A drive that is not there lies in nothing.
  if (dirname(folder) !== folder) makePrivateFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another command may have made it meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** A file that only its owner reads. */
export function writePrivateFile(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 });
}
