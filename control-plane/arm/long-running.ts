// Long-running operations (Azure Resource Manager, "Track asynchronous operations"). A change that takes time is
// answered at once with the URL of its operation, which clients poll. Several of ACR's changes are asynchronous there
// and instant here (a token, a scope map): their operation has ended when its URL is given out, so that a client
// finds the end at its first poll.
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../../registry-node/clock.ts';
import type { Operation, Operations } from '../store/operations.ts';
import { ArmError, type ArmErrorCode } from './errors.ts';

/** Prefixes of operation ids, as recorded: `token` stands for scope maps too. */
export type OperationKind = 'registries' | 'token' | 'connectedregistries';

export interface LongRunning {
  /** For a change that is already made. */
  ended(kind: OperationKind, verb: Operation['verb']): Promise<Operation>;
  /** Keeps the operation, then runs `task` in the background; its outcome is kept too. */
  start(
    kind: OperationKind,
    verb: Operation['verb'],
    work: unknown,
    task: (operation: Operation) => Promise<void>,
  ): Promise<Operation>;
  /** Goes on with an operation that a restart interrupted. */
  resume(operation: Operation, task: () => Promise<void>): void;
  /** Resolves when the operation has ended, or after a moment: a poll that waits spares its client a second one. */
  linger(id: string): Promise<void>;
  /** Resolves when no task runs. Tasks learn of the stop by the signal that they were built with. */
  settled(): Promise<void>;
}

/** How long a client may ask for the outcome of an operation. */
const keptMs = 7 * 24 * 3600 * 1000;
/** Making a registry takes a tenth of this, most of it for its key. */
const lingerMaxMs = 1000;

export function createLongRunning({
  operations,
  clock,
  logger,
}: {
  operations: Operations;
  clock: Clock;
  logger: Logger;
}): LongRunning {
  const running = new Map<string, Promise<void>>();
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
  const run = (operation: Operation, task: () => Promise<void>): void => {
    const done = task()
      .then(() => operations.put({ ...operation, status: 'Succeeded', endedAt: clock.now().toISOString() }))
      .catch((error: unknown) => fail(operation, error))
      .catch((error: unknown) => logger.error({ err: error, operation: operation.id }, 'operation not saved'))
      .finally(() => running.delete(operation.id));
    running.set(operation.id, done);
  };
  /** An operation that a stop cut short stays `Running` in the store, for the next start to resume. */
  const fail = async (operation: Operation, error: unknown): Promise<void> => {
    if (error instanceof OperationStopped) return;
    const known = error instanceof ArmError;
    if (!known) logger.error({ err: error, operation: operation.id }, 'operation failed');
    const code: ArmErrorCode = known ? error.code : 'InternalServerError';
    const reason = known ? error.message : 'The operation met an unexpected error; the server log has it.';
    const message = `Operation ${operation.id} failed. ${reason}`;
    await operations.put({
      ...operation,
      status: 'Failed',
      error: { code, message },
      endedAt: clock.now().toISOString(),
    });
  };
  return {
    ended: (kind, verb) => begin(kind, verb, { status: 'Succeeded', endedAt: clock.now().toISOString() }),
    start: async (kind, verb, work, task) => {
      const operation = await begin(kind, verb, { work });
      run(operation, () => task(operation));
      return operation;
    },
    resume: run,
    linger: async (id) => {
      const done = running.get(id);
      if (!done) return;
      const ended = new AbortController();
      const late = clock.sleep(lingerMaxMs, ended.signal).catch(() => undefined);
      await Promise.race([done, late]);
      ended.abort();
    },
    settled: async () => {
      await Promise.all(running.values());
    },
  };
}

/** Thrown by a task that stops because the control plane stops. */
export class OperationStopped extends Error {
  override readonly name = 'OperationStopped';
}
