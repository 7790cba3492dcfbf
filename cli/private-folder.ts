// A folder that only its owner can read: what is kept in ACRC_HOME are credentials and logs.
import { mkdir, writeFile } from 'node:fs/promises';

/** Makes it, and those above it, when it is missing. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** A file that only its owner reads. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await writeFile(path, content, { mode: 0o600 });
}
