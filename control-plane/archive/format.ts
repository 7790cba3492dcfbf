// The whole state of a control plane as one file: a tar, so that any machine can look into it.
//
//   archive.json                which format, and who wrote it when; comes first
//   credentials.json            how the owner signs in: with a new password every az would have to sign in again
//   data/database.sqlite        as in the data folder (data-folder.ts), at one moment
//   data/keys/…  data/certificates/…
//   data/registries/<name>-<uid>/tokens/…
//   data/registries/<name>-<uid>/content/registry.db
//   data/registries/<name>-<uid>/content/blobs/<algorithm>/<xx>/<hash>
//   checksum                    sha256 over the names, sizes and bytes of all before it; comes last
//
// The content of registries is always part of it: connected registries remove what the cloud does not have any more, so a
// state without its content would empty every site.
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Raised with every change that an older version could not read. */
export const archiveFormat = 1;

export const entryNames = {
  about: 'archive.json',
  credentials: 'credentials.json',
  data: 'data/',
  checksum: 'checksum',
} as const;

export const aboutSchema = z.object({
  format: z.int(),
  /** Of acrc. */
  version: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
  registries: z.array(z.string()),
});
export type About = z.infer<typeof aboutSchema>;

/** Of the entries that are read into memory. */
export const smallEntryBytesMax = 1024 * 1024;

/** What may lie in the data folder, below `data/`: nothing else is ever unpacked. */
const dataPaths: readonly RegExp[] = [
  /^database\.sqlite$/,
  /^(keys|certificates)\/\w[\w.-]*$/,
  /^registries\/[a-z0-9]+-[0-9a-f-]{36}\/tokens\/\w[\w.-]*$/,
  /^registries\/[a-z0-9]+-[0-9a-f-]{36}\/content\/registry\.db$/,
  /^registries\/[a-z0-9]+-[0-9a-f-]{36}\/content\/blobs\/sha(256|512)\/[0-9a-f]{2}\/[0-9a-f]{64,128}$/,
];

export function isDataPath(path: string): boolean {
  return dataPaths.some((pattern) => pattern.test(path));
}

export interface Checksum {
  begin(name: string, bytes: number): void;
  add(piece: Uint8Array): void;
  /** Hex. */
  end(): string;
}

export function createChecksum(): Checksum {
  const hash = createHash('sha256');
  return {
    begin: (name, bytes) => void hash.update(`${name}\n${bytes}\n`),
    add: (piece) => void hash.update(piece),
    end: () => hash.digest('hex'),
  };
}

/** Says what is wrong with the file and what to do. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}
