// One round after another: ask the parent what changed, do it, and move the cursor once it is done.
import { isDeepStrictEqual } from 'node:util';
import type { FullSyncPage, SyncResponse } from '../gateway/protocol.ts';
import type { SyncContext } from './context.ts';
import { createFullSync, type FullSync } from './full-sync.ts';
import { hearEchoes } from './hear-echoes.ts';
import { readLocalView, touchedBy } from './local-view.ts';
import { nameIn } from './name-in.ts';
import { emptyPlan, planEvents, type TagTimes } from './plan.ts';
import { roundRequest, waitSeconds } from './request.ts';
import { applySelections, loosenedBy, removeUnreached } from './selected.ts';
import { transfer } from './transfer.ts';
import { waitForBudget } from './wait-for-budget.ts';

export interface Pull {
  /** One round; waits at the parent for news. @throws RemoteError, and what copying throws; the reason of `signal` */
  round(signal: AbortSignal): Promise<void>;
}

export function createPull(context: SyncContext): Pull {
  const { children, conflicts, content, directory, exclusively, gateway } = context;
  const { name, pending, setAside, state, status, clock } = context;
  /** The full sync that is going on, and the position of its next page. */
  let fullSync: { run: FullSync; after: string } | undefined;
  /** The parent compares the times that it is told with its own: this clock may be years away. */
  let parentAheadMs = 0;

  const ask = async (after: string | undefined, signal: AbortSignal): Promise<SyncResponse> => {
    const position = after === undefined ? {} : { fullSyncAfter: after };
    await conflicts.expire();
    await pending.refresh();
    pending.untold.asking();
    // After a failure the first round does not wait, so that the trouble is over, and told to be, as soon as it is.
    const dueSeconds = Math.ceil(setAside.dueInMs() / 1000);
    const waits = status.attempts.get('pull')?.failing ? 0 : Math.min(waitSeconds, dueSeconds);
    const request = await roundRequest(context, { waitSeconds: waits, hearsApplied: true, ...position });
    const response = await gateway.sync(request, signal);
    parentAheadMs = Date.parse(response.serverTime) - clock.now().getTime();
    await hearEchoes(context, response, signal);
    if (response.configuration) await directory.apply(response.configuration, response.revision);
    return response;
  };

  const finished = async ({
    cursor,
    cursorMark,
    feedId,
    grantsRevision,
    more,
    applied: above,
  }: SyncResponse): Promise<void> => {
    const now = new Date(clock.now().getTime() + parentAheadMs);
    const lastSyncTime = more ? state.value.lastSyncTime : now.toISOString();
    const applied = above && { ...above, grants: [...above.grants, grantsRevision] };
    const before = state.value.applied;
    await state.update({
      pull: { cursor, cursorMark, feedId, grantsRevision },
      // Together with the cursor, which will have passed their echo.
      push: { ...state.value.push, ...pending.remembered() },
      // What is left of the feed may be older than what the parent had when it answered.
      applied: more ? state.value.applied : applied,
      fullSyncStart: undefined,
      shownFrom: content.feed.head(),
      lastSyncTime,
    });
    if (!isDeepStrictEqual(before, state.value.applied)) children.appliedMoved();
    fullSync = undefined;
  };

  const takePage = async (response: SyncResponse, page: FullSyncPage, signal: AbortSignal): Promise<void> => {
    const announced = page.entries.length === 0 ? page.next : undefined;
    if (announced !== undefined) {
      context.logger.info({ trigger: page.trigger }, 'a full sync begins');
      await state.update({ fullSyncStart: announced, ...setAside.hurried() });
      fullSync = { run: createFullSync(context), after: announced };
      return;
    }
    if (!fullSync) return;
    await fullSync.run.apply(page, signal);
    if (page.next === undefined) await finished(response);
    else fullSync.after = page.next;
  };

  const takeEvents = async (response: SyncResponse, signal: AbortSignal): Promise<void> => {
    const local = await readLocalView(content, pending, touchedBy(response.events));
    const loosened = loosenedBy(context, response.events, local);
    const movedAt: TagTimes = new Map();
    for (const { repository, tag = '', movedAt: time } of response.events)
      if (time !== undefined) movedAt.set(nameIn(repository, tag), new Date(time));
    await setAside.hear(response.events);
    const outcome = await transfer(context, planEvents(response.events, local, name), signal, movedAt);
    await applySelections(context, response.selections ?? [], signal);
    await removeUnreached(context, loosened, signal);
    // What was passed over is told again, and then in order.
    if (outcome === 'done') await finished(response);
  };

  const retrySetAside = async (signal: AbortSignal): Promise<void> => {
    const images = setAside.due();
    if (images.length === 0) return;
    await pending.refresh();
    await transfer(context, { ...emptyPlan(pending.knownTo()), images }, signal);
  };

  const take = async (response: SyncResponse, signal: AbortSignal): Promise<void> =>
    response.fullSync ? takePage(response, response.fullSync, signal) : takeEvents(response, signal);

  return {
    async round(signal) {
      const spent = context.traffic.spent();
      if (spent) return waitForBudget(context, spent, signal);
      status.clear('SyncBudgetSpent');
      const start = state.value.fullSyncStart;
      if (start === undefined) {
        await retrySetAside(signal);
        return take(await ask(undefined, signal), signal);
      }
      status.copying();
      try {
        await exclusively(async () => {
          fullSync ??= { run: createFullSync(context), after: start };
          await take(await ask(fullSync.after, signal), signal);
        });
      } catch (error) {
        // What the run has seen may not hold any more; the listing is cheap to read again.
        fullSync = undefined;
        throw error;
      } finally {
        status.copied();
      }
    },
  };
}
