// Long-running operations (Azure Resource Manager, "Track asynchronous operations"). A change that takes time is
// answered at once with the URL of its operation, which clients poll. Several of ACR's changes are asynchronous there
// and instant here (a token, a scope map): their operation has ended when its URL is given out, so that a client
// finds the end at its first poll. Who tests their own polling lets every operation last longer (`delayMs`).
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../../registry-node/clock.ts';
import type { Operation, OperationProgress, Operations } from '../store/operations.ts';
import { type ArmErrorCode, explain } from './errors.ts';

/** Prefixes of operation ids, as recorded: `token` stands for scope maps too. */
export type OperationKind =
  | 'registries'
  | 'replications'
  | 'token'
  | 'connectedregistries'
  | 'resourcegroups';

/** What a task says of itself while it runs. */
export interface OperationNotes {
  /** For who polls; kept in memory until the operation ends. */
  progress: (progress: OperationProgress) => void;
  /** Replaces what a restart needs to take the operation up again. */
  work: (work: unknown) => Promise<void>;
}

export interface LongRunning {
  /** For a change that is already made. */
  ended(kind: OperationKind, verb: Operation['verb']): Promise<Operation>;
  /** Keeps the operation, then runs `task` in the background; its outcome is kept too. */
  start(
    kind: OperationKind,
    verb: Operation['verb'],
    work: unknown,
    task: (notes: OperationNotes) => Promise<void>,
  ): Promise<Operation>;
  /** Goes on with an operation that a restart interrupted. */
  resume(operation: Operation, task: (notes: OperationNotes) => Promise<void>): void;
  /**
   * How an operation stands. Waits a moment for one that is about to end: a poll that waits spares its client a
   * second one.
   */
  poll(id: string): Promise<Operation | undefined>;
  /** Resolves when no task runs. Tasks learn of the stop by the signal that they were built with. */
  settled(): Promise<void>;
}

/** How long a client may ask for the outcome of an operation. */
const keptMs = 7 * 24 * 3600 * 1000;
/** Making a registry takes a tenth of this, most of it for its key. */
const lingerMaxMs = 1000;

export interface LongRunningOptions {
  operations: Operations;
  clock: Clock;
  logger: Logger;
  /** How long an operation lasts at least, for those who poll it. */
  delayMs?: number | undefined;
}

export function createLongRunning({
  operations,
  clock,
  logger,
  delayMs = 0,
}: LongRunningOptions): LongRunning {
  const running = new Map<string, { done: Promise<void>; latest: () => Operation }>();
  const begin = async (
    kind: OperationKind,
    verb: Operation['verb'],
    more: Partial<Operation>,
  ): Promise<Operation> => {
    const now = clock.now();
    await operations.trim(new Date(now.getTime() - keptMs));
    const operation: Operation = {
      id: `${kind}-${randomUUID()}`,
      verb,
      status: 'Running',
      startedAt: now.toISOString(),
      ...more,
    };
    await operations.put(operation);
    return operation;
  };
  /** The end that clients are told of. It may lie ahead, and so needs no timer and outlives a restart. */
  const endOf = (startedAt: string): string => {
    const endsMs = Math.max(clock.now().getTime(), Date.parse(startedAt) + delayMs);
    return new Date(endsMs).toISOString();
  };
  const run = (begun: Operation, task: (notes: OperationNotes) => Promise<void>): void => {
    let operation = begun;
    const notes: OperationNotes = {
      progress: (progress) => {
        operation = { ...operation, progress };
      },
      work: (work) => {
        operation = { ...operation, work };
        return operations.put(operation);
      },
    };
    const done = task(notes)
      .then(() => operations.put({ ...operation, status: 'Succeeded', endedAt: endOf(operation.startedAt) }))
      .catch((error: unknown) => fail(operation, error))
      .catch((error: unknown) => logger.error({ err: error, operation: operation.id }, 'operation not saved'))
      .finally(() => running.delete(operation.id));
    running.set(operation.id, { done, latest: () => operation });
  };
  /** An operation that a stop cut short stays `Running` in the store, for the next start to resume. */
  const fail = async (operation: Operation, error: unknown): Promise<void> => {
    if (error instanceof OperationStopped) return;
    const known = explain(error);
    if (known !== error) logger.error({ err: error, operation: operation.id }, 'operation failed');
    const code: ArmErrorCode = known?.code ?? 'InternalServerError';
    const reason = known?.message ?? 'The operation met an unexpected error; the server log has it.';
    const message = `Operation ${operation.id} failed. ${reason}`;
    await operations.put({
      ...operation,
      status: 'Failed',
      error: { code, message },
      endedAt: endOf(operation.startedAt),
    });
  };
  const linger = async (id: string): Promise<void> => {
    const done = running.get(id)?.done;
    if (!done) return;
    const ended = new AbortController();
    const late = clock.sleep(lingerMaxMs, ended.signal).catch(() => undefined);
    await Promise.race([done, late]);
    ended.abort();
  };
  return {
    ended: (kind, verb) =>
      begin(kind, verb, { status: 'Succeeded', endedAt: endOf(clock.now().toISOString()) }),
    start: async (kind, verb, work, task) => {
      const operation = await begin(kind, verb, { work });
      run(operation, task);
      return operation;
    },
    resume: run,
    poll: async (id) => {
      await linger(id);
      const operation = running.get(id)?.latest() ?? (await operations.get(id));
      const lasts = operation?.endedAt !== undefined && Date.parse(operation.endedAt) > clock.now().getTime();
      return lasts ? { ...operation, status: 'Running' } : operation;
    },
    settled: async () => {
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

/** Thrown by a task that stops because the control plane stops. */
export class OperationStopped extends Error {
  override readonly name = 'OperationStopped';
}
