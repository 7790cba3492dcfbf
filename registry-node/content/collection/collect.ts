// Garbage collection, while pushes, mounts, copies and pulls go on. It takes away bytes that nobody can need any more; it never
// takes a manifest or a tag, also not an untagged manifest, because that may be pulled by its digest.
//
// A blob is needed by a repository through its link (`repository_blobs`). Each link carries the time until which it is
// kept (`kept_until`), and every statement that changes it is in blob-links.ts:
//   - a manifest of the repository names the blob: for ever (null). Every descriptor counts, also those that a manifest may
//     name without the registry holding them;
//   - a push, a mount or a copy linked it, or somebody asked whether it is there: a fortnight from then on. Whoever is told
//     that a blob is there skips its upload and puts the manifest later, over a slow line much later;
//   - the last manifest that named it went: an hour, for those who are pulling.
// A collection removes the links that have run out, then the blobs that no link is left to. Why nobody loses a blob:
//   - Links, rows and references change in transactions, which SQLite runs one after the other. A manifest is put in the
//     same transaction that checks its links and makes them permanent: it comes before the link's removal and the link
//     stays, or after it and the client is told MANIFEST_BLOB_UNKNOWN and nothing was stored.
//   - A HEAD whose link is about to run out renews it before it answers; if the renewal finds no link, the answer is 404.
//   - A mount inserts its link in the transaction that sees the blob's row; a collection deletes the row only where it sees
//     no link. Whichever comes first, the other one sees it.
//   - A file and its row cannot change together. Who stores (file, then row) and who collects (row, then file) take turns
//     by digest, so that no collection unlinks a file that a push has just put there. A crash between the two steps leaves
//     a file without a row: harmless, and the next collection removes it, in the digest's turn as well.
//   - A pull that has opened its file reads on after the file's name is gone.
import type { Kysely } from 'kysely';
import type { BlobStore } from '../../blobs/blob-store.ts';
import type { Clock } from '../../clock.ts';
import { unfinishedKeptMs } from '../blob-links.ts';
import type { Commit } from '../commit.ts';
import type { Content, Uploads } from '../content.ts';
import type { Tables } from '../schema.ts';
import type { Turns } from '../turns.ts';
import { collectBlobs } from './blobs.ts';
import { collectFiles } from './files.ts';
import { collectLinks } from './links.ts';
import { collectUnfinished, collectUploads } from './unfinished.ts';
import { collectQuarantined } from './quarantined.ts';

export interface Amount {
  count: number;
  bytes: number;
}

export interface Going {
  what: 'blob' | 'file' | 'upload' | 'copy' | 'quarantined';
  /** A digest; of an upload its repository and id. */
  name: string;
  bytes: number;
}

/** What went, or would go. The bytes of all but `links` are bytes on the disk. */
export interface Collected {
  dryRun: boolean;
  /** Blobs taken out of a repository none of whose manifests needs them; their bytes may be needed elsewhere. */
  links: number;
  /** Blobs that no repository shows any more. */
  blobs: Amount;
  /** Files that a crash left behind. */
  files: Amount;
  /** Upload sessions, and copies from elsewhere, that nobody has gone on with for a fortnight. */
  uploads: Amount;
  copies: Amount;
  /** Damaged blobs that have lain aside for a fortnight. */
  quarantined: Amount;
  /** All of them together. */
  freedBytes: number;
  /** Of a dry run: the first thousand of what would go. */
  would?: Going[];
}

export interface CollectionOptions {
  dryRun: boolean;
  /** Ends the work between two steps. */
  signal?: AbortSignal | undefined;
}

export interface Collection extends CollectionOptions {
  database: Kysely<Tables>;
  blobs: BlobStore;
  commit: Commit;
  uploads: Uploads;
  turns: Turns;
  now: number;
  /** What nobody has touched since then is abandoned. */
  abandonedBefore: Date;
  /** Filled by a dry run. */
  would: Going[];
}

export function garbageCollection(
  parts: Pick<Collection, 'database' | 'blobs' | 'commit' | 'uploads' | 'turns'> & { clock: Clock },
): Pick<Content, 'collectGarbage'> {
  const { clock, turns } = parts;
  return {
    // One at a time: a second one that is asked for meanwhile finds what the first one left.
    collectGarbage: (options) =>
      turns('garbage collection', () => {
        const now = clock.now().getTime();
        const abandonedBefore = new Date(now - unfinishedKeptMs);
        return collect({ ...parts, ...options, now, abandonedBefore, would: [] });
      }),
  };
}

async function collect(collection: Collection): Promise<Collected> {
  const uploads = await collectUploads(collection);
  const copies = await collectUnfinished(collection);
  const links = await collectLinks(collection);
  const blobs = await collectBlobs(collection);
  const files = await collectFiles(collection);
  const quarantined = await collectQuarantined(collection);
  const freedBytes = [uploads, copies, blobs, files, quarantined].reduce((sum, { bytes }) => sum + bytes, 0);
  const { dryRun, would } = collection;
  const collected = { dryRun, links, blobs, files, uploads, copies, quarantined, freedBytes };
  return dryRun ? { ...collected, would } : collected;
}
