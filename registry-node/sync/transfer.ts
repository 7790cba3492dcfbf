// Carries out a plan: images in parallel within a bound, each tagged as soon as it is whole; then what goes away. Every
// step may be repeated, so a plan that was cut is simply made again.
import { OciError } from '../oci/errors.ts';
import { isRemoteError } from '../remote/errors.ts';
import { applyImage, type ImageContext } from './apply-image.ts';
import { applyRemoval } from './apply-removal.ts';
import type { SyncContext } from './context.ts';
import type { Outcome } from './from-parent.ts';
import { inParallel } from './in-parallel.ts';
import type { ImageStep, Plan, PlanTimes, TagTimes } from './plan.ts';
import { indexesFirst } from './removal-order.ts';

export type TransferContext = ImageContext & Pick<SyncContext, 'clock' | 'setAside'>;

/** Begun at once, so that what all of them need is known early; only `transfersMax` blobs, and as many manifests, move. */
const imagesAtOnce = 32;

/**
 * @returns `passed over` when any step was: the round is to be repeated
 * @throws the first failure, when everything that was running has stopped; the reason of `signal`
 */
export async function transfer(
  context: TransferContext,
  plan: Plan,
  signal: AbortSignal,
  movedAt: TagTimes = new Map(),
): Promise<Outcome> {
  const { conflicts, content, pending, setAside, status } = context;
  await conflicts.report(plan.conflicts, pending.knownTo());
  for (const { repository, tag } of plan.decided) await conflicts.endedAbove(repository, tag);
  const times = { movedAt, knownTo: plan.knownTo };
  const outcomes = new Set<Outcome>();
  const copies = plan.images.some(({ copy }) => copy);
  if (copies) status.copying();
  try {
    await inParallel(plan.images, imagesAtOnce, signal, async (step, signal) => {
      outcomes.add(await applyOrSetAside(context, setAside.complete(step, movedAt), times, signal));
    });
  } finally {
    if (copies) status.copied();
  }
  for (const step of await indexesFirst(plan.removals, content)) {
    signal.throwIfAborted();
    outcomes.add(await applyRemoval(context, step));
  }
  return outcomes.has('passed over') ? 'passed over' : 'done';
}

async function applyOrSetAside(
  context: TransferContext,
  step: ImageStep,
  times: PlanTimes,
  signal: AbortSignal,
): Promise<Outcome> {
  const { clock, logger, setAside } = context;
  const { movedAt } = times;
  if (setAside.isWaiting(step)) {
    await setAside.keepTags(step, movedAt);
    return 'done';
  }
  const begunAtMs = clock.now().getTime();
  try {
    const outcome = await applyImage(context, step, times, signal);
    if (outcome === 'done') await setAside.remove(step);
    return outcome;
  } catch (error) {
    // What waits may not be read any more: the round that follows tells, and must not be kept from it.
    const isRefused = setAside.holds(step) && isRemoteError(error, 'denied');
    if (!isSpoiled(error) && !isRefused) throw error;
    const tookMs = Math.max(clock.now().getTime() - begunAtMs, 0);
    await setAside.add(step, movedAt, { cause: error, tookMs });
    const { repository, digest } = step;
    const reason = `it cannot be had whole from the parent: ${error.message}`;
    logger.warn({ repository, digest }, `set aside: ${reason}`);
    return 'done';
  }
}

function isSpoiled(error: unknown): error is Error {
  return (
    isRemoteError(error, 'malformed') || (error instanceof OciError && error.code === 'MANIFEST_INVALID')
  );
}
