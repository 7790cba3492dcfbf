// One image of a plan: copied when it is not here, then its tags. What vanished meanwhile, or is locked at the parent, is skipped,
// because the parent tells of it again.
import { OciError } from '../oci/errors.ts';
import type { Tag } from '../oci/reference.ts';
import { copyGraph } from '../remote/copy.ts';
import { isLockedThere, isRemoteError } from '../remote/errors.ts';
import { settleAll } from '../remote/settle-all.ts';
import { wantedChildren } from '../selection/filter.ts';
import type { SyncContext } from './context.ts';
import { type Outcome, unlessDeleted, yielding } from './from-parent.ts';
import { nameIn } from './name-in.ts';
import type { ImageStep, PlanTimes, TagTimes } from './plan.ts';

export type ImageContext = Pick<
  SyncContext,
  | 'chunkBytes'
  | 'conflicts'
  | 'content'
  | 'directory'
  | 'logger'
  | 'parent'
  | 'pending'
  | 'status'
  | 'traffic'
  | 'transfersMax'
>;

/** Tags of one image whose changes share the syncs that they wait for. */
const tagsAtOnce = 100;
const tagsLogged = 10;

/** @throws RemoteError, OciError, as copyGraph; the reason of `signal` */
export async function applyImage(
  context: ImageContext,
  step: ImageStep,
  { movedAt, knownTo }: PlanTimes,
  signal: AbortSignal,
): Promise<Outcome> {
  const { logger } = context;
  const { repository, digest } = step;
  try {
    if (step.copy) await copyImage(context, step, knownTo, signal);
    const outcome = await applyTags(context, step, movedAt);
    const tags = step.tags.slice(0, tagsLogged);
    // What has no tag is a part of what has one, nearly always: a platform of an index, a signature.
    const level = tags.length > 0 ? 'info' : 'debug';
    logger[level]({ repository, digest, tags, tagCount: step.tags.length }, 'synchronised from the parent');
    return outcome;
  } catch (error) {
    const why = reasonToSkip(error);
    if (why === undefined) throw error;
    logger[why.level]({ repository, digest }, `skipped: ${why.reason}`);
    return 'done';
  }
}

function copyImage(
  context: ImageContext,
  { repository, digest }: ImageStep,
  knownTo: number,
  signal: AbortSignal,
): Promise<void> {
  const { chunkBytes, content: target, directory, parent: source, pending, status } = context;
  const { traffic, transfersMax } = context;
  return copyGraph({
    source,
    repository,
    digest,
    target,
    targetRepository: repository,
    changeFor: (each) => unlessDeleted(pending, repository, each, knownTo),
    chunkBytes,
    transfersMax,
    traffic,
    childrenOf: wantedChildren(directory.configuration?.syncFilter, repository),
    signal,
    onMissing: (bytes) => status.outstanding(bytes),
    onBytes: (bytes) => status.arrived(bytes),
  });
}

async function applyTags(context: ImageContext, step: ImageStep, movedAt: TagTimes): Promise<Outcome> {
  const outcomes = new Set<Outcome>();
  for (let start = 0; start < step.tags.length; start += tagsAtOnce) {
    const some = step.tags.slice(start, start + tagsAtOnce);
    const setting = some.map((tag) =>
      applyTag(context, step, tag, movedAt.get(nameIn(step.repository, tag))),
    );
    for (const outcome of await settleAll(setting)) outcomes.add(outcome);
  }
  return outcomes.has('passed over') ? 'passed over' : 'done';
}

/** A client may have moved it while the image was copied, or does so now; its change goes up and decides. */
async function applyTag(
  { content, conflicts, pending }: ImageContext,
  { repository, digest }: ImageStep,
  tag: Tag,
  tagMovedAt: Date | undefined,
): Promise<Outcome> {
  await pending.refresh();
  if (pending.untold.isAhead(repository, tag)) return 'passed over';
  const isFree = !pending.tag(repository, tag);
  const change = { ...yielding(pending), tagMovedAt };
  if (isFree && (await content.tag(repository, tag, digest, change))) return 'done';
  await pending.refresh();
  const ours = pending.tag(repository, tag);
  if (ours && ours.digest !== digest)
    await conflicts.report([{ repository, tag, ours: ours.digest, theirs: digest }], pending.knownTo());
  return 'done';
}

function reasonToSkip(error: unknown): { level: 'info' | 'warn'; reason: string } | undefined {
  if (isLockedThere(error))
    return { level: 'warn', reason: 'it is locked at the parent, which tells of it again when it is not' };
  // Deleted at the parent, or here, since the plan was made: a later event tells.
  const isGone =
    isRemoteError(error, 'not-found') || (error instanceof OciError && error.code === 'MANIFEST_UNKNOWN');
  return isGone ? { level: 'info', reason: 'it vanished before it was copied' } : undefined;
}
