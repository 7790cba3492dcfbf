// A folder that only its owner can read: what is kept in ACRC_HOME are credentials and logs.
import { mkdir } from 'node:fs/promises';

/** Makes it, and those above it, when it is missing. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}
