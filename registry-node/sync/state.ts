// What the sync engine remembers between two starts. Each field moves only after what it stands for is durable, so a
// crash repeats work and never skips it.
import { z } from 'zod';
import { type Document, openDocument } from '../data-folder/document.ts';
import { statusSchema } from '../gateway/protocol.ts';

const stateSchema = z.object({
  /** This instance has held its name at the parent before: refusals are then no reason to give up. */
  activated: z.boolean(),
  /** The local feed that `push` counts in. */
  localFeedId: z.string(),
  /** Where this node stands in its parent's feed; absent before the first full sync is complete. */
  pull: z
    .object({
      cursor: z.int().min(0),
      cursorMark: z.string().optional(),
      feedId: z.string(),
      grantsRevision: z.string(),
    })
    .optional(),
  /** What this node has of the feed at the top, however many nodes are between. */
  applied: statusSchema.shape.applied,
  /** A full sync that has begun: where its listing starts. It begins again there after a restart. */
  fullSyncStart: z.string().optional(),
  /** The last row of the local feed when `pull` was moved: what the parent tells after it may have been set here, and is told again. */
  shownFrom: z.int().optional(),
  push: z.object({
    /** The last row of the local feed that has gone up, or need not. */
    cursor: z.int().min(0),
    /** Repositories whose changes the parent does not take: the first of their rows that has not gone up. */
    held: z.record(z.string(), z.int()),
    /** Rows whose echo `pull` has passed, while the answers to their pushes are missing: they are not made again. */
    arrived: z.array(z.int()).optional(),
    /** Rows that have gone up and whose echo `pull` has not passed; see untold.ts. */
    untold: z.array(z.int()).optional(),
  }),
  /** `repository@digest` -> where its unfinished upload at the parent goes on. */
  uploads: z.record(z.string(), z.string()),
  /** `repository@digest` -> an image that is damaged at the parent; see set-aside.ts. */
  setAside: z
    .record(
      z.string(),
      z.object({
        /** Of the manifest. */
        bytes: z.int(),
        /** Those that wait for it -> when they were moved, Unix milliseconds; null: when they are set. */
        tags: z.record(z.string(), z.int().nullable()),
        cause: z.string(),
        triedAt: z.string(),
        waitMs: z.int(),
      }),
    )
    .optional(),
  lastSyncTime: z.string().optional(),
  /** `repository:tag` -> what is told of it; see conflicts.ts. */
  conflicts: z
    .record(z.string(), z.object({ description: z.string(), at: z.string(), knownTo: z.int() }))
    .optional(),
});
export type SyncStateValue = z.infer<typeof stateSchema>;

export interface SyncState {
  readonly value: SyncStateValue;
  /** Durable when it resolves. */
  update(change: Partial<SyncStateValue>): Promise<void>;
}

/** Content that was replaced has another feed, and nothing that was remembered of the old one holds for it. */
export async function openSyncState(path: string, localFeedId: string): Promise<SyncState> {
  const initial: SyncStateValue = {
    activated: false,
    localFeedId,
    push: { cursor: 0, held: {} },
    uploads: {},
  };
  const document: Document<SyncStateValue> = await openDocument(path, stateSchema, initial);
  if (document.value.localFeedId !== localFeedId) {
    await document.save({ ...initial, activated: document.value.activated });
  }
  return {
    get value() {
      return document.value;
    },
    update: (change) => document.save({ ...document.value, ...change }),
  };
}
