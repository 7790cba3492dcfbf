// How far a scrub is, at rest: a pass over a large registry takes hours at its gentle pace, and a restart must not begin it anew.
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Commit } from '../commit.ts';
import type { Tables } from '../schema.ts';

const progressSchema = z.object({
  startedAt: z.iso.datetime(),
  /** Absent while the pass is not complete. */
  endedAt: z.iso.datetime().optional(),
  /** The last one that was read, in byte order; manifests come first, and blobs when all manifests are done. */
  lastManifest: z.object({ repository: z.string(), digest: z.string() }).optional(),
  manifestsDone: z.boolean(),
  lastBlob: z.string().optional(),
  /** Read so far in this pass. */
  manifests: z.int().min(0),
  blobs: z.int().min(0),
  bytes: z.int().min(0),
  /** Found damaged in this pass. */
  damaged: z.int().min(0),
});
export type ScrubProgress = z.infer<typeof progressSchema>;

export function newPass(startedAt: Date): ScrubProgress {
  const nothing = { manifests: 0, blobs: 0, bytes: 0, damaged: 0 };
  return { startedAt: startedAt.toISOString(), manifestsDone: false, ...nothing };
}

/** Undefined before the first pass, and when a version that is gone wrote something else: a scrub can always begin again. */
export async function readProgress(database: Kysely<Tables>): Promise<ScrubProgress | undefined> {
  const row = await database.selectFrom('scrub').select('progress').executeTakeFirst();
  return row && progressSchema.safeParse(JSON.parse(row.progress)).data;
}

export function saveProgress(commit: Commit, progress: ScrubProgress): Promise<void> {
  return commit(async ({ tables }) => {
    await tables.deleteFrom('scrub').execute();
    await tables
      .insertInto('scrub')
      .values({ progress: JSON.stringify(progress) })
      .execute();
  });
}
