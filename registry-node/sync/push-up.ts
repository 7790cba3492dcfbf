// The way up: what clients and children changed here goes to the parent in the order in which it happened, and the
// cursor follows each change that has arrived. A repository that the sync token may not change is held back by itself,
// with all its later changes, and goes on when the parent grants it; the others do not wait for it. So is one with an image that
// is not whole here.
import type { FeedEvent } from '../content/feed.ts';
import { eventsAfter } from '../content/feed-events.ts';
import { OciError } from '../oci/errors.ts';
import { compileGrants } from '../oci/scope.ts';
import { isLockedThere, isRemoteError } from '../remote/errors.ts';
import { pushGraph } from '../remote/push.ts';
import type { SyncContext } from './context.ts';
import { isLocal } from './echo.ts';
import { actionNeeded, hold, type Hold, incompleteHere, lockedThere, notGranted, release } from './held.ts';
import { findArrived } from './unanswered.ts';
import { rememberedRowsMax } from './untold.ts';
import { uploadMemory } from './upload-memory.ts';

const rowsPerRead = 100;
/** Rows that came from the parent need not go up; the cursor is saved only so often for passing them. */
const passedRowsPerSave = 1000;

/** Brings up all there is. @throws RemoteError; the reason of `signal` */
export type PushUp = (signal: AbortSignal) => Promise<void>;

export function createPushUp(context: SyncContext): PushUp {
  // The answer to the last push may have been lost, with the link or with the process before this one.
  let isUnsure = true;
  return async (signal) => {
    for (const event of isUnsure ? await findArrived(context, signal) : []) await settle(context, event);
    isUnsure = true;
    await retryHeld(context, signal);
    await pushNew(context, signal);
    isUnsure = false;
  };
}

/** Held repositories that are granted by now, from the first of their rows that has not gone up. */
async function retryHeld(context: SyncContext, signal: AbortSignal): Promise<void> {
  const { held } = context.state.value.push;
  for (const [repository, first] of Object.entries(held))
    if (await pushHeld(context, repository, first, signal)) await release(context, repository);
}

/** @returns whether all of them went up */
async function pushHeld(
  context: SyncContext,
  repository: string,
  first: number,
  signal: AbortSignal,
): Promise<boolean> {
  const { content, state } = context;
  const { cursor } = state.value.push;
  const isHeld = (event: FeedEvent): boolean =>
    event.repository === repository && event.seq <= cursor && isLocal(event);
  for await (const event of eventsAfter(content.feed, first - 1, isHeld))
    if (!(await pushOrHold(context, event, signal))) return false;
  return true;
}

async function pushNew(context: SyncContext, signal: AbortSignal): Promise<void> {
  const { content, state } = context;
  for (let passed = state.value.push.cursor; ;) {
    const page = await content.feed.read({ after: passed, limit: rowsPerRead, accept: isLocal });
    for (const event of page.events) {
      signal.throwIfAborted();
      const isHeld = event.repository in state.value.push.held;
      if (isHeld || !(await pushOrHold(context, event, signal))) await moveCursor(context, event.seq);
    }
    passed = page.scanned;
    if (passed - state.value.push.cursor >= passedRowsPerSave) await moveCursor(context, passed);
    if (page.events.length === 0 && passed >= content.feed.head()) return;
  }
}

async function moveCursor({ state }: SyncContext, cursor: number): Promise<void> {
  await state.update({ push: { ...state.value.push, cursor } });
}

/** @returns false when it cannot go up now: then it is held */
async function pushOrHold(context: SyncContext, event: FeedEvent, signal: AbortSignal): Promise<boolean> {
  const { directory, exclusively, logger } = context;
  const { repository, action, digest, tag } = event;
  const grants = compileGrants(directory.configuration?.grants ?? []);
  if (!grants.repository(repository, actionNeeded[action])) {
    await hold(context, event, notGranted(context, event));
    return false;
  }
  try {
    await exclusively(async () => {
      await pushEvent(context, event, signal);
      await settle(context, event);
    });
  } catch (error) {
    const reason = reasonToHold(context, event, error);
    if (!reason) throw error;
    await hold(context, event, reason);
    return false;
  }
  // A manifest that is pushed is told of by its tag; one without is a part of another, nearly always.
  const level = action === 'push' ? 'debug' : 'info';
  logger[level]({ repository, action, digest, tag }, 'brought up to the parent');
  return true;
}

/** Undefined for what concerns more than the repository. */
function reasonToHold(context: SyncContext, event: FeedEvent, error: unknown): Hold | undefined {
  if (isLockedThere(error)) return lockedThere(event);
  if (isRemoteError(error, 'denied')) return notGranted(context, event);
  return isBlobUnknown(error) ? incompleteHere(event, error) : undefined;
}

function isBlobUnknown(error: unknown): error is OciError {
  return error instanceof OciError && error.code === 'BLOB_UNKNOWN';
}

async function pushEvent(context: SyncContext, event: FeedEvent, signal: AbortSignal): Promise<void> {
  const { repository, action, digest, tag } = event;
  if (action === 'push' || action === 'tag') await pushImage(context, event, signal);
  else if (action === 'delete') await context.parent.deleteManifest(repository, { digest }, signal);
  else if (tag !== undefined) await context.parent.deleteManifest(repository, { tag }, signal);
}

/** What is not stored here any more needs no push: the row that removed it follows. */
async function pushImage(
  context: SyncContext,
  { repository, digest, tag }: FeedEvent,
  signal: AbortSignal,
): Promise<void> {
  const { content: source, parent: target, chunkBytes, transfersMax, traffic } = context;
  const uploads = uploadMemory(context);
  const image = { source, repository, digest, target, uploads, chunkBytes, transfersMax, traffic, signal };
  const isStored = await pushGraph(image).catch(async (error: unknown) => {
    // Deleted while it went up, and its blobs with it.
    if (isBlobUnknown(error) && !(await source.manifest(repository, { digest }))) return false;
    throw error;
  });
  const stored = isStored && (await source.manifest(repository, { digest }));
  if (stored && tag !== undefined) await target.putManifest(repository, stored, tag, signal);
}

/** The parent has the change. That it has still to tell of it is saved together with the cursor. */
async function settle({ conflicts, pending, state }: SyncContext, event: FeedEvent): Promise<void> {
  const { repository, seq } = event;
  pending.settle(event);
  await conflicts.endedHere(event);
  const { push } = state.value;
  const untold = [...(push.untold ?? []), seq].slice(-rememberedRowsMax);
  const passed = seq > push.cursor ? { cursor: seq } : { held: { ...push.held, [repository]: seq + 1 } };
  await state.update({ push: { ...push, ...passed, untold } });
}
