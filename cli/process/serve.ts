// Runs a server in this process until it is told to stop: writes itself down, starts, says that it is ready, waits for a
// signal, closes. The same for the control plane and for a node, in the foreground and detached.
import type { Logger } from 'pino';
import type { Context } from '../context.ts';
import { CliError, failure } from '../errors.ts';
import { explainHome } from '../home-error.ts';
import { identityOf } from './identity.ts';
import { createLogger, type LogLevel } from './log.ts';
import type { StartMessage } from './messages.ts';
import { claim, type Kind, release, type RunRecord, update } from './run-record.ts';
import { explainStart } from './start-error.ts';

export interface Served {
  /** Where it is reached, e.g. `https://localhost:4430`. */
  address: string;
  /** Something the user should know although it started. */
  notice?: string;
  readonly close: () => Promise<void>;
  /** Settles when it ends by itself, with the reason if it gave up. Absent: it never does. */
  stopped?: Promise<Error | undefined>;
}

export interface Service {
  kind: Kind;
  name: string;
  dataFolder: string;
  logFile: string | undefined;
  logLevel: LogLevel;
  start(logger: Logger): Promise<Served>;
}

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** A close that takes longer is cut. Longer than a server's own grace for running requests. */
const closeMaxMs = 20_000;

export async function serve(context: Context, service: Service): Promise<void> {
  const { process, home, stdout } = context;
  const told = untilSignal(process);
  const record = await recordOf(context, service);
  try {
    await claim(home, record).catch((error: unknown) => {
      throw explainHome(error, home);
    });
    const logger = await createLogger(stdout, service.logLevel);
    const served = await service.start(logger);
    const { address, notice } = served;
    await update(home, { ...record, state: 'running', address });
    logger.info({ address }, 'listening');
    await announce(context, { started: { address, ...(notice !== undefined && { notice }) } });
    const ended = await Promise.race([told, served.stopped ?? told]);
    logger.info('stopping');
    await closeInTime(context, served);
    if (ended instanceof Error) throw ended;
  } catch (error) {
    const explained = explainStart(error);
    const hint = explained instanceof CliError ? explained.hint : undefined;
    const message = explained instanceof Error ? explained.message : String(explained);
    await announce(context, { failed: { message, ...(hint !== undefined && { hint }) } });
    throw explained;
  } finally {
    await release(home, record);
  }
}

async function recordOf({ process, clock }: Context, service: Service): Promise<RunRecord> {
  const { kind, name, dataFolder, logFile } = service;
  return {
    kind,
    name,
    pid: process.pid,
    identity: (await identityOf(process.pid)) ?? '',
    startedAt: clock.now().toISOString(),
    state: 'starting',
    dataFolder,
    ...(logFile !== undefined && { logFile }),
  };
}

function untilSignal(process: NodeJS.Process): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve(undefined));
  });
}

/** Tells the command that detached this process, or the person at the terminal. */
async function announce({ process, stderr }: Context, message: StartMessage): Promise<void> {
  if (process.connected) {
    // The channel must be empty before it is closed, or the message would be lost.
    await new Promise<void>((resolve) => process.send?.(message, () => resolve()));
    process.disconnect?.();
  } else if (stderr.isTTY && 'started' in message) {
    stderr.write(`Listening at ${message.started.address}. Ctrl-C stops it.\n`);
    if (message.started.notice !== undefined) stderr.write(`WARNING: ${message.started.notice}\n`);
  }
}

async function closeInTime({ clock }: Context, { close }: Served): Promise<void> {
  const timeout = new AbortController();
  const late = clock.sleep(closeMaxMs, timeout.signal).then(
    () => 'late' as const,
    () => undefined,
  );
  const outcome = await Promise.race([close(), late]);
  timeout.abort();
  if (outcome === 'late') throw failure(`It did not close within ${closeMaxMs / 1000} s and was cut.`);
}
