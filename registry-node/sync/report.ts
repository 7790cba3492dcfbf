// Reports between rounds: while a round waits at the parent or a long copy runs, the parent still hears soon that the
// node is copying, how much is left, that a trouble began or ended, and that something changed further down.
import type { SyncRequest } from '../gateway/protocol.ts';
import type { SyncContext } from './context.ts';
import { roundRequest } from './request.ts';

/** How often a copy tells how much is left. */
const progressIntervalMs = 5_000;
/** What changes together is told together. */
const gatherMs = 200;
const idleMs = 3_600_000;

/** Runs until `signal` aborts. */
export async function reportUntil(context: SyncContext, signal: AbortSignal): Promise<void> {
  const { clock, directory, gateway, logger, news, status } = context;
  let told: string | undefined;
  while (!signal.aborted) {
    const rang = await news.wait(status.syncing ? progressIntervalMs : idleMs, signal);
    await clock.sleep(gatherMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const request = await roundRequest(context, { waitSeconds: 0, reportOnly: true });
      const facts = factsOf(request);
      if (rang && !status.syncing && facts === told) continue;
      const { configuration, revision } = await gateway.sync(request, signal);
      told = facts;
      if (configuration) await directory.apply(configuration, revision);
    } catch (error) {
      // The rounds meet the same failure and deal with it; this report is made again with the next news.
      logger.debug({ err: error }, 'a report did not arrive');
    }
  }
}

/** What makes a report worth sending; times and byte counts alone do not. */
function factsOf({ status, descendants }: SyncRequest): string {
  const facts = Object.entries({ '': status, ...descendants }).map(
    ([name, { state, active, statusDetails }]) => [
      name,
      state,
      active,
      statusDetails.map(({ code, description }) => [code, description]),
    ],
  );
  return JSON.stringify(facts);
}
