// How far a scrub is, at rest: a pass over a large registry takes hours at its gentle pace, and a restart must not begin it anew.
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
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

/** A pass that runs: it is where an interrupted one stopped, or at its beginning. */
export interface Pass {
  /** Newer than what is saved. */
  readonly progress: ScrubProgress;
  /** Saves where the pass is every so often. */
  advance(change: Partial<ScrubProgress>): Promise<void>;
  countDamage(): void;
  save(): Promise<void>;
}

export interface PassOptions {
  database: Kysely<Tables>;
  commit: Commit;
  clock: Clock;
}

/** A crash repeats at most so much. */
const saveEveryMs = 10_000;

export async function openPass({ database, commit, clock }: PassOptions): Promise<Pass> {
  const saved = await readProgress(database);
  let progress = saved && saved.endedAt === undefined ? saved : newPass(clock.now());
  let savedAt = clock.now().getTime();
  const save = async (): Promise<void> => {
    savedAt = clock.now().getTime();
    await saveProgress(commit, progress);
  };
  return {
    get progress() {
      return progress;
    },
    advance: async (change) => {
      progress = { ...progress, ...change };
      if (clock.now().getTime() - savedAt >= saveEveryMs) await save();
    },
    countDamage: () => {
      progress = { ...progress, damaged: progress.damaged + 1 };
    },
    save,
  };
}

export function newPass(startedAt: Date): ScrubProgress {
  const nothing = { manifests: 0, blobs: 0, bytes: 0, damaged: 0 };
  return { startedAt: startedAt.toISOString(), manifestsDone: false, ...nothing };
}

/** Undefined before the first pass, and when a version that is gone wrote something else: a scrub can always begin again. */
export async function readProgress(database: Kysely<Tables>): Promise<ScrubProgress | undefined> {
  const row = await database.selectFrom('scrub').select('progress').executeTakeFirst();
  return row && progressSchema.safeParse(JSON.parse(row.progress)).data;
}

function saveProgress(commit: Commit, progress: ScrubProgress): Promise<void> {
  return commit(async ({ tables }) => {
    await tables.deleteFrom('scrub').execute();
    await tables
      .insertInto('scrub')
      .values({ progress: JSON.stringify(progress) })
      .execute();
  });
}
