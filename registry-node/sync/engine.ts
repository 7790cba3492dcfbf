// The sync engine: one session in touch with the parent after another, inside the windows that the schedule opens, for as
// long as the node runs. It ends by itself in one case only: a node that never held its name is refused it.
import { type Bell, createBell } from '../gateway/bell.ts';
import type { WindowState } from '../sync-window.ts';
import { activate } from './activate.ts';
import type { SyncContext } from './context.ts';
import { currentWindow, scheduleProblem } from './current-window.ts';
import { work } from './work.ts';

export interface Engine {
  /**
   * Lets the chunks that move arrive, for some seconds at most, then cuts everything, keeps what has arrived, and resolves
   * when all has stopped.
   */
  close(): Promise<void>;
  /** Settles when the engine has stopped: with the reason when it gave up. */
  readonly stopped: Promise<Error | undefined>;
  /**
   * Settles after the first attempt to reach the parent: with why it failed when it will be repeated, else with
   * undefined (also when none is made now, because the sync window is closed). Not when the engine stops before.
   */
  readonly firstContact: Promise<string | undefined>;
}

/** Together with the time that a server gives running requests this is less than a service manager waits for. */
const chunkGraceMs = 5_000;
/** A window's edge is looked at again this often, so that a clock that was set is noticed. */
const windowCheckMaxMs = 60_000;

export function startEngine(connected: Omit<SyncContext, 'contacted'>): Engine {
  const firstContact = Promise.withResolvers<string | undefined>();
  const context: SyncContext = { ...connected, contacted: firstContact.resolve };
  const closing = new AbortController();
  const stopped = run(context, closing.signal).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  return {
    stopped,
    firstContact: firstContact.promise,
    async close() {
      await context.traffic.finishChunks(chunkGraceMs);
      closing.abort();
      await stopped;
    },
  };
}

async function run(context: SyncContext, closing: AbortSignal): Promise<void> {
  const { clock, directory, logger } = context;
  const schedule = createBell(clock);
  const unsubscribe = directory.onApply(() => {
    tellOfSchedule(context);
    schedule.ring();
  });
  tellOfSchedule(context);
  // Once in the life of the process: a node whose name was taken from it does not take it back by itself.
  let claimed = false;
  try {
    while (!closing.aborted) {
      const window = windowOf(context);
      if (window.open) {
        await untilWindowCloses(context, schedule, closing, async (signal) => {
          claimed ||= await activate(context, signal);
          if (claimed) await work(context, signal);
        });
      } else {
        context.contacted(undefined);
        logger.info({ opens: window.opens }, 'outside the sync window: nothing is sent until it opens');
        await untilWindowOpens(context, schedule, closing);
      }
    }
  } finally {
    unsubscribe();
  }
}

function windowOf({ directory, clock }: SyncContext): WindowState {
  return currentWindow(directory.configuration, clock.now());
}

function tellOfSchedule({ directory, status }: SyncContext): void {
  const { configuration } = directory;
  const problem = configuration && scheduleProblem(configuration);
  if (problem === undefined) return status.clear('schedule');
  const { name, schedule, syncWindow = '' } = configuration!;
  const description =
    `The schedule '${schedule}' with the window '${syncWindow}' cannot be read (${problem}), so the node synchronises all the time. ` +
    `Set another with 'acrc connected-registry update -r <registry> -n ${name} --sync-schedule'.`;
  status.raise('schedule', { type: 'Sync', code: 'ScheduleInvalid', description });
}

async function untilWindowOpens(context: SyncContext, schedule: Bell, closing: AbortSignal): Promise<void> {
  for (let window = windowOf(context); !window.open && !closing.aborted; window = windowOf(context)) {
    await schedule.wait(waitMs(context, window.opens), closing);
  }
}

function waitMs({ clock }: SyncContext, until: Date | undefined): number {
  return Math.min((until?.getTime() ?? Infinity) - clock.now().getTime(), windowCheckMaxMs);
}

/** @param schedule rings when a document arrives: it may have changed the window */
async function untilWindowCloses(
  context: SyncContext,
  schedule: Bell,
  closing: AbortSignal,
  session: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([closing, ended.signal]);
  // The schedule that opened it: a node asks for its first before it knows when it may.
  let known = context.directory.configuration;
  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      const window = windowOf(context);
      if (window.open) {
        known = context.directory.configuration;
        await schedule.wait(waitMs(context, window.until), signal);
      } else {
        if (known) context.logger.info('the sync window closed: what arrived is kept');
        ended.abort();
      }
    }
  };
  const watching = watch();
  try {
    await session(signal);
  } finally {
    ended.abort();
    await watching;
    // A connection that is kept would still tell its end, and be told the parent's.
    context.parent.disconnect();
  }
}
