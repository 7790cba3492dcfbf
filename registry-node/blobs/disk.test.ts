// The store on disk keeps what every store promises.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeBlobStore } from '../../fixtures/blob-store-suite.ts';
import { openDiskBlobs } from './disk.ts';

describeBlobStore('a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'acrc-blobs-'));
  return {
    open: () => openDiskBlobs(folder),
    leftovers: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
});
