// Claiming the node's name at its parent. A node that has held the name before keeps asking, for whatever refuses it may be
// mended above; one that never did was given a wrong connection string, and says so.
import type { SyncContext } from './context.ts';
import type { Failure } from './failures.ts';
import { keepTrying } from './keep-trying.ts';

/** The parent refused a node that never held its name: what happened, why, and the command that mends it. */
export class ActivationRefused extends Error {
  override readonly name = 'ActivationRefused';
}

/** @returns false when `signal` aborted first. @throws ActivationRefused */
export async function activate(context: SyncContext, signal: AbortSignal): Promise<boolean> {
  const { directory, gateway, instanceId, logger, state, status } = context;
  await keepTrying(context, {
    key: 'activation',
    signal,
    async work() {
      const request = { instanceId, status: await status.snapshot() };
      const { configuration, revision } = await gateway.activate(request, signal);
      await directory.apply(configuration, revision);
      await state.update({ activated: true });
      logger.info({ mode: configuration.mode, schedule: configuration.schedule }, 'activated at the parent');
      context.contacted(undefined);
      return 'done';
    },
    onFailure: (failure) => {
      giveUpWhenRefused(context, failure);
      context.contacted(failure.trouble.description);
    },
  });
  return !signal.aborted;
}

function giveUpWhenRefused({ name, state }: SyncContext, { refused, trouble }: Failure): void {
  if (!refused || state.value.activated) return;
  throw new ActivationRefused(`The parent refused to activate '${name}': ${trouble.description}`);
}
