// The way up: what clients and children changed here goes to the parent in the order in which it happened, and the
// cursor follows each change that has arrived. A repository that the sync token may not change is held back by itself,
// with all its later changes, and goes on when the parent grants it; the others do not wait for it.
import type { FeedEvent } from '../content/feed.ts';
import type { RepositoryName } from '../oci/name.ts';
import { compileGrants, type RepositoryAction } from '../oci/scope.ts';
import { isLockedThere, isRemoteError } from '../remote/errors.ts';
import { pushGraph } from '../remote/push.ts';
import type { UploadMemory } from '../remote/push-blob.ts';
import type { SyncContext } from './context.ts';
import { isLocal } from './echo.ts';
import { findArrived } from './unanswered.ts';
import { rememberedRowsMax } from './untold.ts';

const rowsPerRead = 100;
/** Rows that came from the parent need not go up; the cursor is saved only so often for passing them. */
const passedRowsPerSave = 1000;

/** Unfinished uploads that are remembered; the parent forgets old ones too. */
const uploadsMax = 100;

const actionNeeded: Record<FeedEvent['action'], RepositoryAction> = {
  push: 'content/write',
  tag: 'content/write',
  delete: 'content/delete',
  untag: 'content/delete',
};

/** Brings up all there is. @throws RemoteError; the reason of `signal` */
export type PushUp = (signal: AbortSignal) => Promise<void>;

export function createPushUp(context: SyncContext): PushUp {
  // The answer to the last push may have been lost, with the link or with the process before this one.
  let isUnsure = true;
  return async (signal) => {
    for (const event of isUnsure ? await findArrived(context, signal) : []) await settle(context, event);
    isUnsure = true;
    await pushAll(context, signal);
    isUnsure = false;
  };
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

async function pushAll(context: SyncContext, signal: AbortSignal): Promise<void> {
  const { content, state } = context;
  await retryHeld(context, signal);
  let passed = state.value.push.cursor;
  for (;;) {
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

/** Held repositories that are granted by now, from the first of their rows that has not gone up. */
async function retryHeld(context: SyncContext, signal: AbortSignal): Promise<void> {
  const { content, state, status } = context;
  for (const [repository, first] of Object.entries(state.value.push.held)) {
    const { cursor } = state.value.push;
    let passed = first - 1;
    let released = true;
    while (released && passed < cursor) {
      const accept = (event: FeedEvent): boolean =>
        event.repository === repository && event.seq <= cursor && isLocal(event);
      const page = await content.feed.read({ after: passed, limit: rowsPerRead, accept });
      for (const event of page.events) {
        released &&= await pushOrHold(context, event, signal);
        if (!released) break;
      }
      passed = page.scanned;
    }
    if (!released) continue;
    await state.update({ push: withHeld(context, repository, undefined) });
    status.clear(`held ${repository}`);
  }
}

function withHeld({ state }: SyncContext, repository: string, seq: number | undefined) {
  const { [repository]: _, ...others } = state.value.push.held;
  return { ...state.value.push, held: seq === undefined ? others : { ...others, [repository]: seq } };
}

/** @returns false when the parent does not take it: then it is held */
async function pushOrHold(context: SyncContext, event: FeedEvent, signal: AbortSignal): Promise<boolean> {
  const { directory, exclusively, logger } = context;
  const { repository, action, digest, tag } = event;
  const grants = compileGrants(directory.configuration?.grants ?? []);
  if (!grants.repository(repository, actionNeeded[action])) return hold(context, event);
  try {
    await exclusively(async () => {
      await pushEvent(context, event, signal);
      await settle(context, event);
    });
  } catch (error) {
    if (isRemoteError(error, 'denied') || isLockedThere(error)) {
      return hold(context, event, isLockedThere(error));
    }
    throw error;
  }
  // A manifest that is pushed is told of by its tag; one without is a part of another, nearly always.
  logger[action === 'push' ? 'debug' : 'info'](
    { repository, action, digest, tag },
    'brought up to the parent',
  );
  return true;
}

async function hold(context: SyncContext, event: FeedEvent, locked = false): Promise<false> {
  const { name, state, status, logger } = context;
  const { repository, seq, action } = event;
  const first = state.value.push.held[repository] ?? seq;
  if (state.value.push.held[repository] !== first) {
    await state.update({ push: withHeld(context, repository, first) });
    logger.warn({ repository, action }, 'held back: the parent does not let this node change the repository');
  }
  const lockedThere =
    `Changes to '${repository}' stay on this node, because the parent has it, or an image in it, locked. ` +
    `They go up by themselves after 'acrc repository update -n <registry> --repository ${repository} --write-enabled true', ` +
    'or the same with --image.';
  const notGranted =
    `Changes to '${repository}' stay on this node, because its sync token is not allowed ${actionNeeded[action]} there. ` +
    `They go up by themselves after 'acrc connected-registry permissions update -r <registry> -n ${name} --add ${repository}'.`;
  status.raise(`held ${repository}`, {
    type: 'Push',
    code: 'PushDenied',
    description: locked ? lockedThere : notGranted,
  });
  return false;
}

/** What is not stored here any more needs no push: the row that removed it follows. */
async function pushEvent(context: SyncContext, event: FeedEvent, signal: AbortSignal): Promise<void> {
  const { content, parent, chunkBytes, transfersMax, traffic } = context;
  const { repository, digest, tag } = event;
  switch (event.action) {
    case 'push':
    case 'tag': {
      const uploads = uploadMemory(context);
      const target = parent;
      const request = {
        source: content,
        repository,
        digest,
        target,
        uploads,
        chunkBytes,
        transfersMax,
        traffic,
        signal,
      };
      const stored = (await pushGraph(request)) && (await content.manifest(repository, { digest }));
      if (stored && tag !== undefined) await parent.putManifest(repository, stored, tag, signal);
      return;
    }
    case 'untag':
      if (tag !== undefined) await parent.deleteManifest(repository, { tag }, signal);
      return;
    case 'delete':
      await parent.deleteManifest(repository, { digest }, signal);
  }
}

function uploadMemory({ state }: SyncContext): UploadMemory {
  const key = (repository: RepositoryName, digest: string): string => `${repository}@${digest}`;
  return {
    get: (repository, digest) => state.value.uploads[key(repository, digest)],
    async set(repository, digest, location) {
      const newest = Object.entries(state.value.uploads).slice(-uploadsMax);
      await state.update({ uploads: { ...Object.fromEntries(newest), [key(repository, digest)]: location } });
    },
    async forget(repository, digest) {
      const { [key(repository, digest)]: known, ...others } = state.value.uploads;
      if (known !== undefined) await state.update({ uploads: others });
    },
  };
}
