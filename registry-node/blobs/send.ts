// The way out: from a file to a client, which is what the product exists for. While one buffer is being written to the
// socket the next is read from disk. Measured at 3.5 GB/s on two cores, where a read stream piped into the response makes
// 1.1 GB/s, because it allocates each chunk anew and never reads ahead of a full socket.
import type { FileHandle } from 'node:fs/promises';
import { OutgoingMessage } from 'node:http';
import type { Writable } from 'node:stream';
import type { ByteRange } from './blob-store.ts';
import { readFully } from './read-fully.ts';
import { type SendBuffer, takeSendBuffer } from './send-buffers.ts';

interface Chunk {
  bytes: Buffer;
  buffer: SendBuffer;
}

/** Writes the range of `file` into `target` and does not end it. @throws when the reader went away, or the file is cut short */
export async function sendFile(file: FileHandle, target: Writable, { start, end }: ByteRange): Promise<void> {
  // A response calls back when its socket has taken the bytes, and then the buffer is free. Any other stream may hold on to
  // what it was given (a PassThrough does).
  const callsBackWhenSent = target instanceof OutgoingMessage;
  const departure = watchDeparture(target);
  let position = start;
  const readNext = (): Promise<Chunk> | undefined => {
    if (position > end) return undefined;
    const buffer = takeSendBuffer(end + 1 - position);
    const length = Math.min(buffer.bytes.length, end + 1 - position);
    position += length;
    return readChunk(file, buffer, position - length, length);
  };
  let ahead: Promise<Chunk> | undefined;
  try {
    for (let chunk = await readNext(); chunk; chunk = await (ahead ?? readNext())) {
      ahead = chunk.buffer.readsAhead ? readNext() : undefined;
      await writeChunk(target, chunk, departure, callsBackWhenSent);
    }
  } catch (error) {
    ahead?.then(({ buffer }) => buffer.giveBack(true)).catch(() => undefined);
    throw error;
  } finally {
    departure.unwatch();
  }
}

/** Writes what is in memory already, and does not end `target`. @throws when the reader went away */
export async function sendBytes(bytes: Buffer, target: Writable): Promise<void> {
  if (bytes.length === 0) return;
  const departure = watchDeparture(target);
  try {
    await departure.or(write(target, bytes));
  } finally {
    departure.unwatch();
  }
}

async function readChunk(
  file: FileHandle,
  buffer: SendBuffer,
  position: number,
  length: number,
): Promise<Chunk> {
  try {
    return { buffer, bytes: await readFully(file, buffer.bytes, position, length) };
  } catch (error) {
    buffer.giveBack(true);
    throw error;
  }
}

async function writeChunk(
  target: Writable,
  { bytes, buffer }: Chunk,
  departure: Departure,
  callsBackWhenSent: boolean,
): Promise<void> {
  let sent = false;
  try {
    await departure.or(write(target, bytes));
    sent = true;
  } finally {
    // Not after a failure: what was not called back may still be read from.
    buffer.giveBack(sent && callsBackWhenSent);
  }
}

function write(target: Writable, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    target.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
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
