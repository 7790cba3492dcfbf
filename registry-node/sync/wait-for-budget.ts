// What a node does in place of rounds while its budget is spent: it hears of another configuration, and of nothing that would have to be
// transferred.
import type { SyncContext } from './context.ts';
import { budgetTrouble } from './failures.ts';
import { roundRequest, waitSeconds } from './request.ts';
import type { SpentBudget } from './traffic/budget.ts';

/** One round, which ends with the budget's return at the latest. @throws RemoteError; the reason of `signal` */
export async function waitForBudget(
  context: SyncContext,
  spent: SpentBudget,
  signal: AbortSignal,
): Promise<void> {
  const { clock, directory, gateway, status } = context;
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
}
