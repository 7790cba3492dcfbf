// Brings notifications to the parent, which hands them on to its own: the oldest first, a page at a time. What was not
// taken is told again, so a receiver may hear twice of one event, under the same id. What is older than the message TTL is
// given up.
import { durationMs } from '../duration.ts';
import { createBell } from '../gateway/bell.ts';
import { notificationsMax } from '../gateway/protocol.ts';
import { RemoteError } from '../remote/errors.ts';
import type { SyncContext } from './context.ts';
import { keepTrying } from './keep-trying.ts';

/** So that what expired is forgotten without any news. */
const idleMs = 3_600_000;

/** Until `signal` aborts. */
export async function notifyUntil(context: SyncContext, signal: AbortSignal): Promise<void> {
  const { clock, logger, outbox, status } = context;
  let isTold = false;
  const bell = createBell(clock);
  const unsubscribe = outbox.onAdd(() => bell.ring());
  try {
    await keepTrying(context, {
      key: 'notify',
      signal,
      async work() {
        const outcome = await notifyOnce(context, signal);
        status.clear('notify');
        if (outcome === 'too old' && !isTold)
          logger.warn('the parent is too old for notifications: they wait until it is newer, or expire');
        isTold = outcome === 'too old';
        if (outcome !== 'sent') await bell.wait(idleMs, signal);
        return 'again';
      },
    });
  } finally {
    unsubscribe();
  }
}

/** Sends a page. 'too old': the parent knows of no notifications. */
async function notifyOnce(
  context: SyncContext,
  signal: AbortSignal,
): Promise<'sent' | 'nothing' | 'too old'> {
  const { clock, directory, gateway, instanceId, logger, outbox } = context;
  const { messageTtl } = directory.configuration ?? {};
  if (messageTtl !== undefined) {
    const expired = await outbox.expire(new Date(clock.now().getTime() - durationMs(messageTtl)));
    if (expired > 0) logger.warn({ expired }, 'notifications waited longer than the message TTL: given up');
  }
  const page = await outbox.oldest(notificationsMax);
  const last = page.at(-1);
  if (!last) return 'nothing';
  try {
    await gateway.notify({ instanceId, notifications: page.map(({ notification }) => notification) }, signal);
  } catch (error) {
    const isUnknown = error instanceof RemoteError && error.kind === 'not-found';
    if (!isUnknown || error.code === 'NAME_UNKNOWN') throw error;
    return 'too old';
  }
  await outbox.remove(last.seq);
  return 'sent';
}
