// What blobs leave by: the answer to a client, or any other stream. It is watched for as long as a blob is sent.
import { OutgoingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';

export interface Outlet {
  /**
   * Resolves when the target has taken the bytes.
   * @throws when the reader went away
   */
  write(bytes: Buffer): Promise<void>;
  /** What was written is not read any more. Other streams than answers may hold on to it (a PassThrough does). */
  readonly letsGo: boolean;
  /** The descriptor of the socket that takes an answer's bytes as they are; undefined where none does, or while it has bytes to send. */
  idleSocket(): number | undefined;
  /** Stops watching; the target stays open. */
  release(): void;
}

/** @throws when the reader is gone already */
export function openOutlet(target: Writable): Outlet {
  const departure = watchDeparture(target);
  const answer = target instanceof OutgoingMessage ? target : undefined;
  return {
    write: (bytes) =>
      departure.or(
        new Promise((resolve, reject) => {
          target.write(bytes, (error) => (error ? reject(error) : resolve()));
        }),
      ),
    letsGo: answer !== undefined,
    idleSocket: () => (answer ? idleSocketOf(answer) : undefined),
    release: () => departure.unwatch(),
  };
}

/** Node's own handle has no other name. */
type WithDescriptor = Socket & { encrypted?: boolean; _handle?: { fd?: number } | null };

function idleSocketOf(answer: OutgoingMessage): number | undefined {
  const socket: WithDescriptor | null = answer.socket;
  if (!socket || socket.encrypted === true || answer.chunkedEncoding) return undefined;
  if (socket.destroyed || answer.writableLength > 0) return undefined;
  const descriptor = socket._handle?.fd;
  return descriptor !== undefined && descriptor >= 0 ? descriptor : undefined;
}

interface Departure {
  or(work: Promise<void>): Promise<void>;
  unwatch(): void;
}

/**
 * A response whose connection is gone may never call back what it still had to write: its `close` tells. Only the write that
 * is under way listens; a race against one promise of departure would keep something of each write until the last.
 */
function watchDeparture(target: Writable): Departure {
  const gone = (): Error => new Error('the reader went away');
  if (target.destroyed) throw gone();
  let departed = false;
  let interrupt: () => void = () => undefined;
  const depart = (): void => {
    departed = true;
    interrupt();
  };
  target.once('close', depart);
  target.once('error', depart);
  return {
    or: (work) =>
      new Promise((resolve, reject) => {
        interrupt = () => reject(gone());
        if (departed) interrupt();
        work.then(resolve, reject);
      }),
    unwatch: () => {
      target.off('close', depart);
      target.off('error', depart);
    },
  };
}
