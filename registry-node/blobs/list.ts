// What lies in the store on disk, read from its folders: garbage collection compares it with what the registry knows of.
import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, type DigestAlgorithm, tryParseDigest } from '../oci/digest.ts';
import { hasCode } from './durable.ts';
import type { BlobLayout } from './layout.ts';

const algorithms: readonly DigestAlgorithm[] = ['sha256', 'sha512'];

/** A folder at a time. Files that are not named after a digest are somebody else's and are left alone. */
export async function* listBlobs(layout: BlobLayout): AsyncIterable<Digest[]> {
  for (const algorithm of algorithms) {
    const folder = layout.algorithmFolder(algorithm);
    for (const prefix of await names(folder)) {
      const files = await names(join(folder, prefix));
      yield files.flatMap((hex) => tryParseDigest(`${algorithm}:${hex}`) ?? []);
    }
  }
}

export async function listQuarantined(
  layout: BlobLayout,
): Promise<{ digest: Digest; bytes: number; movedAt: Date }[]> {
  const digests = (await names(layout.quarantineFolder)).flatMap(
    (name) => tryParseDigest(name.replace('-', ':')) ?? [],
  );
  const found = await Promise.all(
    digests.map(async (digest) => ({ digest, file: await statOf(layout.quarantined(digest)) })),
  );
  // A rename changes the inode and not the content.
  return found.flatMap(({ digest, file }) =>
    file ? [{ digest, bytes: file.size, movedAt: file.ctime }] : [],
  );
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
