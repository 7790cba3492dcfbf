// Opens a registry's content: the composition of its parts.
//
//   <folder>/
//     registry.db     repositories, manifests, tags, feed, upload sessions (schema.ts)
//     blobs/          their bytes, and those of unfinished uploads (blobs/layout.ts)
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openDiskBlobs } from '../blobs/disk.ts';
import type { Clock } from '../clock.ts';
import { openSqlite } from '../database/open.ts';
import { openSqliteReader } from '../database/reader.ts';
import { contentBlobs } from './blobs.ts';
import { createCommit } from './commit.ts';
import type { Content } from './content.ts';
import { openFeedLog } from './feed-log.ts';
import { createManifestCache } from './manifest-cache.ts';
import { manifestChanges } from './manifest-changes.ts';
import { manifestReads } from './manifest-reads.ts';
import { openUploads } from './open-uploads.ts';
import { repositories } from './repositories.ts';
import { migrations, type Tables } from './schema.ts';

export interface ContentOptions {
  /** Made when it is missing, with mode 0700. One process at a time opens it. */
  folder: string;
  clock: Clock;
  /** Names uploads and the feed; random UUIDs when absent. */
  newId?: () => string;
}

/** @throws NewerDatabaseError when a newer version wrote the folder */
export async function openContent({ folder, clock, newId = randomUUID }: ContentOptions): Promise<Content> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'registry.db');
  const database = await openSqlite<Tables>(file, migrations);
  const reader = openSqliteReader(file);
  const blobs = await openDiskBlobs(join(folder, 'blobs'));
  const feed = await openFeedLog({ database, newId });
  const cache = createManifestCache();
  const commit = createCommit({ database, feed, clock, onChange: (events) => cache.forget(events) });
  const uploads = openUploads({ database, blobs, commit, newId });
  return {
    feed,
    uploads,
    ...repositories(database),
    ...manifestReads({ database, reader, cache }),
    ...manifestChanges(commit),
    ...contentBlobs({ database, reader, blobs, commit }),
    close: async () => {
      await uploads.close();
      reader.close();
      await database.destroy();
      await blobs.close();
    },
  };
}
