// What blobs leave by: the answer to a client, or any other stream. It is watched for as long as a blob is sent.
import { OutgoingMessage } from 'node:http';
import type { Writable } from 'node:stream';

export interface Outlet {
  /**
   * Resolves when the target has taken the bytes.
   * @throws when the reader went away
   */
  write(bytes: Buffer): Promise<void>;
  /** What was written is not read any more. Other streams than answers may hold on to it (a PassThrough does). */
  readonly letsGo: boolean;
  /** Stops watching; the target stays open. */
  release(): void;
}

/** @throws when the reader is gone already */
export function openOutlet(target: Writable): Outlet {
  const departure = watchDeparture(target);
  return {
    write: (bytes) =>
      departure.or(
        new Promise((resolve, reject) => {
          target.write(bytes, (error) => (error ? reject(error) : resolve()));
        }),
      ),
    letsGo: target instanceof OutgoingMessage,
    release: () => departure.unwatch(),
  };
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
