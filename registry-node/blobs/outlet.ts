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

/**
 * A response whose connection is gone may never call back what it still had to write: its `close` tells. Only the write that
 * is under way listens; a race against one promise of departure would keep something of each write until the last.
 * @throws when the reader is gone already
 */
export function openOutlet(target: Writable): Outlet {
  if (target.destroyed) throw departure();
  let departed = false;
  let interrupt: ((error: Error) => void) | undefined;
  const depart = (): void => {
    departed = true;
    interrupt?.(departure());
  };
  target.once('close', depart);
  target.once('error', depart);
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (departed) return reject(departure());
        interrupt = reject;
        target.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    letsGo: target instanceof OutgoingMessage,
    release: () => {
      target.off('close', depart);
      target.off('error', depart);
    },
  };
}

function departure(): Error {
  return new Error('the reader went away');
}
