// Carries out a plan: images in parallel within a bound, each tagged as soon as it is whole; then what goes away. Every
// step may be repeated, so a plan that was cut is simply made again.
import type { YieldingChange } from '../content/content.ts';
import { OciError } from '../oci/errors.ts';
import type { Tag } from '../oci/reference.ts';
import { copyGraph } from '../remote/copy.ts';
import { isLockedThere, isRemoteError } from '../remote/errors.ts';
import { settleAll } from '../remote/settle-all.ts';
import { wantedChildren } from '../selection/filter.ts';
import type { SyncContext } from './context.ts';
import type { Pending } from './pending.ts';
import type { ImageStep, Plan, RemovalStep, TagTimes } from './plan.ts';

export type TransferContext = Pick<
  SyncContext,
  | 'chunkBytes'
  | 'clock'
  | 'conflicts'
  | 'content'
  | 'directory'
  | 'logger'
  | 'parent'
  | 'pending'
  | 'setAside'
  | 'status'
  | 'traffic'
  | 'transfersMax'
>;

const fromParent = { origin: 'parent' } as const;
/** Begun at once, so that what all of them need is known early; only `transfersMax` blobs, and as many manifests, move. */
const imagesAtOnce = 32;
/** Tags of one image whose changes share the syncs that they wait for. */
const tagsAtOnce = 100;
const tagsLogged = 10;

/** Does nothing to what was changed here since `pending` was asked: the local change goes up and decides. */
const yielding = (pending: Pending): YieldingChange => ({
  ...fromParent,
  unlessChangedAfter: pending.knownTo(),
});

export interface Transferred {
  /** Something was left because a change of it that was made here has gone up since the parent was asked. */
  passedOver: boolean;
}

/** @throws the first failure, when everything that was running has stopped; the reason of `signal` */
export async function transfer(
  context: TransferContext,
  plan: Plan,
  signal: AbortSignal,
  movedAt: TagTimes = new Map(),
): Promise<Transferred> {
  const transferred: Transferred = { passedOver: false };
  await context.conflicts.report(plan.conflicts, context.pending.knownTo());
  for (const { repository, tag } of plan.decided) await context.conflicts.endedAbove(repository, tag);
  const copies = plan.images.some(({ copy }) => copy);
  if (copies) context.status.copying();
  try {
    await inParallel(plan.images, imagesAtOnce, signal, (step, signal) =>
      applyOrSetAside(context, context.setAside.complete(step, movedAt), movedAt, transferred, signal),
    );
  } finally {
    if (copies) context.status.copied();
  }
  for (const step of plan.removals) {
    signal.throwIfAborted();
    await applyRemoval(context, step, transferred);
  }
  return transferred;
}

async function applyOrSetAside(
  context: TransferContext,
  step: ImageStep,
  movedAt: TagTimes,
  transferred: Transferred,
  signal: AbortSignal,
): Promise<void> {
  const { clock, logger, setAside } = context;
  if (setAside.isWaiting(step)) return setAside.keepTags(step, movedAt);
  const begunAtMs = clock.now().getTime();
  try {
    await applyImage(context, step, movedAt, transferred, signal);
  } catch (error) {
    // What waits may not be read any more: the round that follows tells, and must not be kept from it.
    const isRefused = setAside.holds(step) && isRemoteError(error, 'denied');
    if (!isSpoiled(error) && !isRefused) throw error;
    const tookMs = Math.max(clock.now().getTime() - begunAtMs, 0);
    await setAside.add(step, movedAt, { cause: error, tookMs });
    const { repository, digest } = step;
    logger.warn(
      { repository, digest },
      `set aside: it cannot be had whole from the parent: ${error.message}`,
    );
    return;
  }
  if (!transferred.passedOver) await setAside.remove(step);
}

function isSpoiled(error: unknown): error is Error {
  return (
    isRemoteError(error, 'malformed') || (error instanceof OciError && error.code === 'MANIFEST_INVALID')
  );
}

async function applyImage(
  context: TransferContext,
  step: ImageStep,
  movedAt: TagTimes,
  transferred: Transferred,
  signal: AbortSignal,
): Promise<void> {
  const { content, logger, parent, status } = context;
  const { repository, digest } = step;
  try {
    if (step.copy) {
      await copyGraph({
        source: parent,
        repository,
        digest,
        target: content,
        targetRepository: repository,
        change: fromParent,
        chunkBytes: context.chunkBytes,
        transfersMax: context.transfersMax,
        traffic: context.traffic,
        childrenOf: wantedChildren(context.directory.configuration?.syncFilter, repository),
        signal,
        onMissing: (bytes) => status.outstanding(bytes),
        onBytes: (bytes) => status.arrived(bytes),
      });
    }
    for (let start = 0; start < step.tags.length; start += tagsAtOnce) {
      const some = step.tags.slice(start, start + tagsAtOnce);
      const setting = some.map((tag) =>
        applyTag(context, step, tag, movedAt.get(`${repository} ${tag}`), transferred),
      );
      await settleAll(setting);
    }
    const tags = step.tags.slice(0, tagsLogged);
    // What has no tag is a part of what has one, nearly always: a platform of an index, a signature.
    const level = tags.length > 0 ? 'info' : 'debug';
    logger[level]({ repository, digest, tags, tagCount: step.tags.length }, 'synchronised from the parent');
  } catch (error) {
    // Deleted at the parent, or here, since the plan was made: a later event tells.
    const vanished =
      isRemoteError(error, 'not-found') || (error instanceof OciError && error.code === 'MANIFEST_UNKNOWN');
    if (!vanished && !isLockedThere(error)) throw error;
    if (!vanished) {
      logger.warn(
        { repository, digest },
        'skipped: it is locked at the parent, which tells of it again when it is not',
      );
      return;
    }
    logger.info({ repository, digest }, 'skipped: it vanished before it was copied');
  }
}

/** A client may have moved it while the image was copied, or does so now; its change goes up and decides. */
async function applyTag(
  { content, conflicts, pending }: TransferContext,
  { repository, digest }: ImageStep,
  tag: Tag,
  tagMovedAt: Date | undefined,
  transferred: Transferred,
): Promise<void> {
  await pending.refresh();
  if (pending.isAhead(repository, tag)) {
    transferred.passedOver = true;
    return;
  }
  const free = !pending.tag(repository, tag);
  if (free && (await content.tag(repository, tag, digest, { ...yielding(pending), tagMovedAt }))) return;
  await pending.refresh();
  const ours = pending.tag(repository, tag);
  if (!ours || ours.digest === digest) return;
  await conflicts.report([{ repository, tag, ours: ours.digest, theirs: digest }], pending.knownTo());
}

async function applyRemoval(
  context: TransferContext,
  step: RemovalStep,
  transferred: Transferred,
): Promise<void> {
  const { pending } = context;
  await pending.refresh();
  const name = step.kind === 'untag' ? step.tag : step.kind === 'delete' ? step.digest : undefined;
  if (name !== undefined && pending.isAhead(step.repository, name)) {
    transferred.passedOver = true;
    return;
  }
  if (await remove(context, step)) context.logger.info(step, 'removed, as at the parent');
}

/** @returns false when it is gone already, or a local change needs it */
async function remove({ content, pending }: TransferContext, step: RemovalStep): Promise<boolean> {
  const { repository } = step;
  if (step.kind === 'untag') {
    if (pending.tag(repository, step.tag)) return false;
    return content.untag(repository, step.tag, yielding(pending));
  }
  if (step.kind === 'delete') {
    // An index that a client has pushed goes up whole, with what it lists.
    const listing = await content.indexesListing(repository, step.digest);
    if ([step.digest, ...listing].some((each) => pending.manifest(repository, each))) return false;
    return content.deleteManifest(repository, step.digest, yielding(pending));
  }
  if (pending.repository(repository)) return false;
  return content.deleteRepository(repository, yielding(pending));
}

/** At most `max` at once. After a failure nothing more is begun, what runs is aborted, and the failure is thrown. */
async function inParallel<T>(
  items: readonly T[],
  max: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const stops = AbortSignal.any([signal, failed.signal]);
  const queue = items.values();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (stops.aborted) return;
      try {
        await work(item, stops);
      } catch (error) {
        failures.push(error);
        failed.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(max, items.length) }, worker));
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
