// Where a blob lies on disk. Nothing else builds these paths.
//
//   <folder>/
//     sha256/
//       4f/
//         4f53cda18c2baa0c…   a blob, under the first byte of its hash and the whole of it
//     sha512/
//       …
//     quarantine/
//       sha256-7d86…          a blob that scrub found damaged, kept for a person to look at
//     unfinished/
//       0b9a…-…               bytes of an upload or a copy that is still arriving, under its id
//
// One file system: finishing a blob is a rename.
import { join } from 'node:path';
import { type Digest, digestAlgorithm, type DigestAlgorithm, digestHex } from '../oci/digest.ts';

export interface BlobLayout {
  readonly unfinishedFolder: string;
  readonly quarantineFolder: string;
  /** Holds a folder for each first byte of the algorithm's hashes. */
  algorithmFolder(algorithm: DigestAlgorithm): string;
  /** Those folders, one for each first byte there is, in order. */
  hashFolders(algorithm: DigestAlgorithm): string[];
  /** The folder that holds the blob's file, and the file. */
  blob(digest: Digest): { folder: string; file: string };
  /** @throws Error when `id` could leave the folder */
  unfinished(id: string): string;
  quarantined(digest: Digest): string;
}

const idPattern = /^[a-z0-9][a-z0-9-]{0,199}$/;

export function blobLayout(folder: string): BlobLayout {
  const unfinishedFolder = join(folder, 'unfinished');
  const quarantineFolder = join(folder, 'quarantine');
  return {
    unfinishedFolder,
    quarantineFolder,
    algorithmFolder: (algorithm) => join(folder, algorithm),
    hashFolders: (algorithm) =>
      Array.from({ length: 256 }, (_, byte) => join(folder, algorithm, byte.toString(16).padStart(2, '0'))),
    quarantined: (digest) => join(quarantineFolder, digest.replace(':', '-')),
    blob: (digest) => {
      const hex = digestHex(digest);
      const within = join(folder, digestAlgorithm(digest), hex.slice(0, 2));
      return { folder: within, file: join(within, hex) };
    },
    unfinished: (id) => {
      if (!idPattern.test(id)) throw new Error(`'${id}' cannot name an unfinished blob`);
      return join(unfinishedFolder, id);
    },
  };
}
