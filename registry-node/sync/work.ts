// What a node does while it is in touch with its parent, side by side: rounds that pull, changes and
// notifications that go up, reports in between, and fetching again what scrub found damaged.
import { createBell } from '../gateway/bell.ts';
import type { Clock } from '../clock.ts';
import { settleAll } from '../remote/settle-all.ts';
import type { SyncContext } from './context.ts';
import { keepTrying } from './keep-trying.ts';
import { notifyUntil } from './notify.ts';
import { createPull } from './pull.ts';
import { createPushUp } from './push-up.ts';
import { createRepair } from './repair.ts';
import { reportUntil } from './report.ts';
import { createTrim } from './trim.ts';

/** So that what is held back is tried again when nothing else wakes it. */
const pushRetryMs = 60_000;
/** How often it is asked whether the parent has by now what is missing here. */
const repairRetryMs = 60_000;
/** How often it is asked whether the data folder can be written. */
const diskWatchMs = 60_000;

/** Until `signal` aborts. */
export async function work(context: SyncContext, signal: AbortSignal): Promise<void> {
  const failed = new AbortController();
  const ends = AbortSignal.any([signal, failed.signal]);
  /** Failures of the network are kept inside; one that gets out is a defect, and ends the others too. */
  const part = async (running: Promise<void>): Promise<void> => {
    try {
      await running;
    } finally {
      failed.abort();
    }
  };
  await settleAll([
    part(pullUntil(context, ends)),
    part(pushUntil(context, ends)),
    part(reportUntil(context, ends)),
    part(repairUntil(context, ends)),
    part(watchDiskUntil(context, ends)),
    part(notifyUntil(context, ends)),
  ]);
}

async function pullUntil(context: SyncContext, signal: AbortSignal): Promise<void> {
  const pull = createPull(context);
  await keepTrying(context, {
    key: 'pull',
    signal,
    async work() {
      await pull.round(signal);
      return 'again';
    },
  });
}

/** A disk that turned read-only is told also when there is nothing to write. */
async function watchDiskUntil(context: SyncContext, signal: AbortSignal): Promise<void> {
  await keepTrying(context, {
    key: 'disk',
    signal,
    async work() {
      await context.requireWritable();
      context.status.clear('disk');
      await context.clock.sleep(diskWatchMs, signal).catch(() => undefined);
      return 'again';
    },
  });
}

async function repairUntil(context: SyncContext, signal: AbortSignal): Promise<void> {
  const bell = createBell(context.clock);
  const unsubscribe = context.content.onDamage(() => bell.ring());
  const repair = createRepair(context);
  try {
    await keepTrying(context, {
      key: 'repair',
      signal,
      async work() {
        await repair(signal);
        context.status.clear('repair');
        await bell.wait(repairRetryMs, signal);
        return 'again';
      },
    });
  } finally {
    unsubscribe();
  }
}

/** A clock that was set is noticed after a minute. */
function untilMs(clock: Clock, moment: Date): number {
  return Math.min(Math.max(moment.getTime() - clock.now().getTime(), 0) + 1, pushRetryMs);
}

/** ReadOnly nodes have nothing to bring up, and find that out by reading their own feed. */
async function pushUntil(context: SyncContext, signal: AbortSignal): Promise<void> {
  const { clock, content, directory, status } = context;
  const bell = createBell(clock);
  const trim = createTrim(context);
  const pushUp = createPushUp(context);
  const ring = (): void => bell.ring();
  const unsubscribe = [content.feed.onAppend(ring), directory.onApply(ring)];
  ring();
  try {
    await keepTrying(context, {
      key: 'push',
      signal,
      async work() {
        const spent = context.traffic.spent();
        if (!spent) {
          await pushUp(signal);
          status.clear('push');
          await trim();
        }
        await bell.wait(spent ? untilMs(clock, spent.until) : pushRetryMs, signal);
        return 'again';
      },
    });
  } finally {
    for (const end of unsubscribe) end();
  }
}
