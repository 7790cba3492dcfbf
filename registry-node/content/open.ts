// Opens a registry's content: the composition of its parts.
//
//   <folder>/
//     registry.db     repositories, manifests, tags, feed, upload sessions (schema.ts); beside it room for its next opening
//     blobs/          their bytes, and those of unfinished uploads (blobs/layout.ts)
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BlobStore } from '../blobs/blob-store.ts';
import { openDiskBlobs } from '../blobs/disk.ts';
import { makeFolder } from '../blobs/durable.ts';
import type { Clock } from '../clock.ts';
import { Closers } from '../closers.ts';
import { openDurability } from '../database/durable.ts';
import { openSqlite } from '../database/open.ts';
import { openSqliteReader } from '../database/reader.ts';
import type { Digest } from '../oci/digest.ts';
import { contentBlobs } from './blobs.ts';
import { garbageCollection } from './collection/collect.ts';
import { createCommits } from './commit.ts';
import type { Content } from './content.ts';
import { openFeedLog } from './feed-log.ts';
import { rememberFinished } from './finished-uploads.ts';
import { indexesListing } from './giving-way.ts';
import { lockReads } from './locks.ts';
import { createManifestCache } from './manifest-cache.ts';
import { manifestChanges } from './manifest-changes.ts';
import { manifestReads } from './manifest-reads.ts';
import { metadataRows } from './metadata-rows.ts';
import { openUploads } from './open-uploads.ts';
import { repositories } from './repositories.ts';
import { migrations, type Tables } from './schema.ts';
import { scrubbing } from './scrub/scrub.ts';
import { countTotals } from './totals.ts';
import { createTurns } from './turns.ts';
import { createUploadSessions } from './upload-sessions.ts';

export interface ContentOptions {
  /** Made when it is missing, with mode 0700. One process at a time opens it. */
  folder: string;
  clock: Clock;
  /** Names uploads and the feed; random UUIDs when absent. */
  newId?: () => string;
  /** Where the bytes live; files in `blobs/` when absent. */
  blobs?: BlobStore;
}

/** @throws NewerDatabaseError when a newer version wrote the folder */
export function openContent(options: ContentOptions): Promise<Content> {
  return Closers.opening((closers) => compose(options, closers));
}

async function compose(options: ContentOptions, closers: Closers): Promise<Content> {
  const { folder, clock, newId = randomUUID } = options;
  await makeFolder(folder);
  const file = join(folder, 'registry.db');
  const database = await openSqlite<Tables>(file, migrations, { flushed: true, reserve: true });
  closers.add(() => database.destroy());
  const durability = await openDurability(file);
  closers.add(() => durability.close());
  const reader = openSqliteReader(file);
  closers.add(() => reader.close());
  const blobs = options.blobs ?? (await openDiskBlobs(join(folder, 'blobs')));
  closers.add(() => blobs.close());
  const feed = await openFeedLog({ database, newId });
  await durability.flush();
  const cache = createManifestCache();
  const commits = createCommits({
    database,
    durability,
    feed,
    clock,
    onChange: (events) => cache.forget(events),
  });
  const { commit } = commits;
  const turns = createTurns();
  const sessions = createUploadSessions(reader, commit);
  const scrubs = scrubbing({ database, blobs, commit, turns, cache, clock });
  const doubt = (digest: Digest): void => scrubs.doubt(digest);
  const shown = contentBlobs({ database, reader, blobs, commit, clock, turns, doubt });
  const finished = rememberFinished(shown.blobSize);
  const uploads = openUploads({ sessions, blobs, commit, clock, newId, turns, finished });
  closers.add(() => uploads.close());
  await uploads.removeForgotten();
  return {
    feed,
    uploads,
    changes: () => commits.count(),
    metadata: metadataRows(database, commit),
    locks: lockReads(reader),
    totals: () => countTotals(database, sessions.unkept()),
    ...repositories(database),
    ...manifestReads({ database, reader, cache }),
    ...manifestChanges(commit),
    indexesListing: (repository, digest) => indexesListing(database, repository, digest),
    ...shown,
    ...scrubs.content,
    ...garbageCollection({ database, blobs, commit, uploads, turns, clock }),
    close: () => closers.close(),
  };
}
