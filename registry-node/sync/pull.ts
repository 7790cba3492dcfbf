// One round after another: ask the parent what changed, do it, and move the cursor once it is done.
import { isDeepStrictEqual } from 'node:util';
import type { FullSyncPage, SyncResponse } from '../gateway/protocol.ts';
import type { SyncContext } from './context.ts';
import { lastOwnWords } from './echo.ts';
import { createFullSync, type FullSync } from './full-sync.ts';
import { readLocalView, touchedBy } from './local-view.ts';
import { planEvents, type TagTimes } from './plan.ts';
import { budgetTrouble } from './failures.ts';
import { roundRequest } from './request.ts';
import { applySelections, loosenedBy, removeUnreached } from './selected.ts';
import type { SpentBudget } from './traffic/budget.ts';
import { transfer } from './transfer.ts';
import { lastOnes } from './unanswered.ts';

export interface Pull {
  /** One round; waits at the parent for news. @throws RemoteError, and what copying throws; the reason of `signal` */
  round(signal: AbortSignal): Promise<void>;
}

/** Below the 60 s after which proxies give up, with room for a slow link. */
const waitSeconds = 50;

export function createPull(context: SyncContext): Pull {
  const { children, conflicts, content, directory, exclusively, gateway } = context;
  const { name, pending, setAside, state, status, clock } = context;
  /** The full sync that is going on, and the position of its next page. */
  let fullSync: { run: FullSync; after: string } | undefined;
  /** The parent compares the times that it is told with its own: this clock may be years away. */
  let parentAheadMs = 0;

  const hearEchoes = async (response: SyncResponse, signal: AbortSignal): Promise<void> => {
    const words = lastOwnWords(response.events, name);
    await pending.refresh();
    for (const word of words) pending.told(word);
    const doubtful = words.filter((word) => pending.mayHaveArrived(word));
    const last = response.more ? await lastOnes(context, doubtful, response, signal) : doubtful;
    for (const word of last) pending.arrive(word);
    if (!response.more) return;
    // What of this answer is about something whose echo follows came before this node's change of it.
    const waiting = response.events.filter(({ repository, tag, digest }) =>
      pending.awaitsEcho(repository, tag ?? digest),
    );
    for (const { repository, tag, digest } of await lastOnes(context, waiting, response, signal))
      pending.noEcho(repository, tag ?? digest);
  };

  const ask = async (after: string | undefined, signal: AbortSignal): Promise<SyncResponse> => {
    const position = after === undefined ? {} : { fullSyncAfter: after };
    await conflicts.expire();
    await pending.refresh();
    pending.asking();
    // After a failure the first round does not wait, so that the trouble is over, and told to be, as soon as it is.
    const dueSeconds = Math.ceil(setAside.dueInMs() / 1000);
    const waits = status.attempts.get('pull')?.failing ? 0 : Math.min(waitSeconds, dueSeconds);
    const request = await roundRequest(context, { waitSeconds: waits, hearsApplied: true, ...position });
    const response = await gateway.sync(request, signal);
    parentAheadMs = Date.parse(response.serverTime) - clock.now().getTime();
    if (!response.more) pending.toldAll();
    await hearEchoes(response, signal);
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
      fullSyncFrom: undefined,
      lastSyncTime,
    });
    if (!isDeepStrictEqual(before, state.value.applied)) children.appliedMoved();
    fullSync = undefined;
  };

  const takePage = async (response: SyncResponse, page: FullSyncPage, signal: AbortSignal): Promise<void> => {
    const announced = page.entries.length === 0 ? page.next : undefined;
    if (announced !== undefined) {
      context.logger.info({ trigger: page.trigger }, 'a full sync begins');
      const fullSyncFrom = content.feed.head();
      await state.update({ fullSyncStart: announced, fullSyncFrom, ...setAside.hurried() });
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
    for (const { repository, tag, movedAt: time } of response.events) {
      if (time !== undefined) movedAt.set(`${repository} ${tag}`, new Date(time));
    }
    await setAside.hear(response.events);
    const outcome = await transfer(context, planEvents(response.events, local, name), signal, movedAt);
    await applySelections(context, response.selections ?? [], signal);
    await removeUnreached(context, loosened, signal);
    // What was passed over is told again, and then in order.
    if (outcome === 'done') await finished(response);
  };

  const retrySetAside = async (signal: AbortSignal): Promise<void> => {
    const images = setAside.due();
    if (images.length > 0)
      await transfer(context, { images, removals: [], conflicts: [], decided: [] }, signal);
  };

  const take = async (response: SyncResponse, signal: AbortSignal): Promise<void> =>
    response.fullSync ? takePage(response, response.fullSync, signal) : takeEvents(response, signal);

  /** Hears of another configuration meanwhile, and of nothing that would have to be transferred. */
  const waitForBudget = async (spent: SpentBudget, signal: AbortSignal): Promise<void> => {
    const trouble = budgetTrouble(spent);
    status.raise(trouble.code, trouble);
    const [answered, returned] = [new AbortController(), new AbortController()];
    const leftMs = Math.max(spent.until.getTime() - clock.now().getTime(), 0);
    const watching = clock.sleep(leftMs, answered.signal).then(
      () => returned.abort(),
      () => undefined,
    );
    try {
      const request = await roundRequest(context, { waitSeconds, reportOnly: true });
      const answer = await gateway.sync(request, AbortSignal.any([signal, returned.signal]));
      if (answer.configuration) await directory.apply(answer.configuration, answer.revision);
    } catch (error) {
      if (!returned.signal.aborted) throw error;
    } finally {
      answered.abort();
      await watching;
    }
  };

  return {
    async round(signal) {
      const spent = context.traffic.spent();
      if (spent) return waitForBudget(spent, signal);
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
