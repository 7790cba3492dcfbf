// Writing a file that only this user may read, whole or not at all: a key that a power cut left half written would
// lock everyone out.
import { open, rename } from 'node:fs/promises';

export async function writeSecretFile(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}
