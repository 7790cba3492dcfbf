// What was begun and is not gone on with: upload sessions, and copies from another registry that a cut interrupted. Whoever
// comes back later starts again; nothing that was answered for is lost.
import type { BlobStore } from '../../blobs/blob-store.ts';
import { OciError } from '../../oci/errors.ts';
import type { Amount, Collection } from './collect.ts';
import { pause } from './pause.ts';
import { tally } from './tally.ts';

/** Looked at in one collection; the next one takes what is left. */
const sessionsMax = 10_000;

export async function collectUploads(collection: Collection): Promise<Amount> {
  const { abandonedBefore, blobs, database, dryRun, uploads } = collection;
  const files = new Map((await blobs.listUnfinished()).map((file) => [file.id, file]));
  const sessions = await database
    .selectFrom('uploads')
    .where('started_at', '<', abandonedBefore.getTime())
    .orderBy('started_at')
    .limit(sessionsMax)
    .select(['id', 'repository'])
    .execute();
  const { amount, add } = tally(collection, 'upload');
  for (const { id, repository } of sessions) {
    await pause(collection);
    const file = files.get(id);
    if (file && file.modifiedAt >= abandonedBefore) continue;
    if (!dryRun && !(await ended(uploads.cancel(repository, id)))) continue;
    add(`${repository} ${id}`, file?.bytes ?? 0);
  }
  return amount;
}

/** False when the session came to life again, or ended by itself, while it was being looked at. */
async function ended(cancelling: Promise<void>): Promise<boolean> {
  try {
    await cancelling;
    return true;
  } catch (error) {
    const alive = error instanceof OciError && error.code === 'RANGE_INVALID';
    const over = error instanceof OciError && error.code === 'BLOB_UPLOAD_UNKNOWN';
    if (alive || over) return false;
    throw error;
  }
}

/** Unfinished files that belong to no session. */
export async function collectUnfinished(collection: Collection): Promise<Amount> {
  const { abandonedBefore, blobs, database, dryRun } = collection;
  const { amount, add } = tally(collection, 'copy');
  for (const { id, bytes, modifiedAt } of await blobs.listUnfinished()) {
    if (modifiedAt >= abandonedBefore) continue;
    await pause(collection);
    const session = await database.selectFrom('uploads').where('id', '=', id).select('id').executeTakeFirst();
    if (session) continue;
    if (!dryRun && !(await discarded(blobs, id, bytes))) continue;
    add(id, bytes);
  }
  return amount;
}

/** False when somebody has gone on with it since it had so many bytes. */
async function discarded(blobs: BlobStore, id: string, bytes: number): Promise<boolean> {
  const blob = await blobs.unfinished(id);
  const isAbandoned = blob.bytes <= bytes;
  await (isAbandoned ? blob.discard() : blob.release());
  return isAbandoned;
}
