// Reports between rounds: while a round waits at the parent or a long copy runs, the parent still hears soon that the
// node is copying, how much is left, that a trouble began or ended, and that something changed further down. During a copy no
// round asks for the configuration, so the reports wait at the parent in its place: a client whose token is disabled meanwhile
// is refused here at once, and not when the copy has ended.
import type { SyncRequest, SyncResponse } from '../gateway/protocol.ts';
import type { SyncContext } from './context.ts';
import { roundRequest } from './request.ts';

/** How often a copy tells how much is left. */
const progressSeconds = 5;
/** What changes together is told together. */
const gatherMs = 200;
const idleMs = 3_600_000;

/** Runs until `signal` aborts. */
export async function reportUntil(context: SyncContext, signal: AbortSignal): Promise<void> {
  const { clock, directory, logger, news, status } = context;
  let told: string | undefined;
  /** When the next report is due although there is no news. */
  let dueAtMs = 0;
  while (!signal.aborted) {
    // Bounded by itself: a clock that is set back must not put the next report off.
    const dueInMs = Math.min(dueAtMs - clock.now().getTime(), progressSeconds * 1000);
    const rang = await news.wait(status.syncing ? dueInMs : idleMs, signal);
    await clock.sleep(gatherMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    dueAtMs = clock.now().getTime() + progressSeconds * 1000;
    try {
      const waitSeconds = status.syncing ? progressSeconds : 0;
      const request = await roundRequest(context, { waitSeconds, reportOnly: true });
      const facts = factsOf(request);
      if (rang && !status.syncing && facts === told) continue;
      told = facts;
      const answer = await untilNews(context, request, signal);
      if (!answer) told = undefined;
      if (!answer?.configuration) continue;
      await directory.apply(answer.configuration, answer.revision);
      dueAtMs = 0;
    } catch (error) {
      told = undefined;
      // The rounds meet the same failure and deal with it; this report is made again with the next news.
      logger.debug({ err: error }, 'a report did not arrive');
    }
  }
}

/** Undefined when there was news before the answer: nobody knows then whether the parent has the report. */
async function untilNews(
  { gateway, news }: SyncContext,
  request: SyncRequest,
  signal: AbortSignal,
): Promise<SyncResponse | undefined> {
  if (request.waitSeconds === 0) return gateway.sync(request, signal);
  const [answered, rang] = [new AbortController(), new AbortController()];
  const listen = async (): Promise<void> => {
    if (!(await news.wait(2 * progressSeconds * 1000, answered.signal))) return;
    news.ring();
    rang.abort();
  };
  const listening = listen();
  try {
    return await gateway.sync(request, AbortSignal.any([signal, rang.signal]));
  } catch (error) {
    if (rang.signal.aborted) return undefined;
    throw error;
  } finally {
    answered.abort();
    await listening;
  }
}

/** What makes a report worth sending; times and byte counts alone do not. */
function factsOf({ status, descendants }: SyncRequest): string {
  const facts = Object.entries({ '': status, ...descendants }).map(
    ([name, { state, active, applied, statusDetails }]) => [
      name,
      state,
      active,
      // The node's own goes up with its next round, which follows at once.
      name === '' ? undefined : applied,
      statusDetails.map(({ code, description }) => [code, description]),
    ],
  );
  return JSON.stringify(facts);
}
