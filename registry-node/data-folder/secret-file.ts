// A file that only this user may read, written whole or not at all: a key that a power cut left half written would lock
// everyone out.
import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces the file at `path`, with mode 0600. The new text is durable when it resolves. */
export async function writeSecretFile(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    // A file that an earlier attempt left keeps its mode when it is opened again.
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The text at `path`, without white space around it; what `make` gives is written there first when nothing is. */
export async function openSecret(path: string, make: () => Promise<string>): Promise<string> {
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (kept !== undefined) return kept.trim();
  const made = (await make()).trim();
  await writeSecretFile(path, made);
  return made;
}
