// The way out: from a file to a client, which is what the product exists for. While one chunk is being written to the socket
// the next is read from disk. Measured at 3.5 GB/s on two cores, where a read stream piped into the response makes 1.1 GB/s,
// because it allocates each chunk anew and never reads ahead of a full socket.
import type { Writable } from 'node:stream';
import type { ByteRange } from './blob-store.ts';
import type { OpenedFile } from './open-files.ts';
import { openOutlet, type Outlet } from './outlet.ts';
import { type Lease, takeChunk } from './shared-chunks.ts';

/** Writes the range of a file into `target` and does not end it. @throws when the reader went away, or the file is cut short */
export async function sendFile(
  opened: OpenedFile,
  target: Writable,
  { start, end }: ByteRange,
): Promise<void> {
  const outlet = openOutlet(target);
  let position = start;
  const takeNext = (): Lease | undefined => {
    if (position > end) return undefined;
    const lease = takeChunk(opened, position, end);
    position += lease.length;
    return lease;
  };
  let ahead: Lease | undefined;
  try {
    for (let lease = takeNext(); lease; lease = ahead ?? takeNext()) {
      const bytes = await lease.bytes;
      ahead = lease.readsAhead ? takeNext() : undefined;
      await write(outlet, lease, bytes);
    }
  } catch (error) {
    const unused = ahead;
    unused?.bytes.then(() => unused.giveBack(true)).catch(() => undefined);
    throw error;
  } finally {
    outlet.release();
  }
}

/** Writes what is in memory already, and does not end `target`. @throws when the reader went away */
export async function sendBytes(bytes: Buffer, target: Writable): Promise<void> {
  if (bytes.length === 0) return;
  const outlet = openOutlet(target);
  try {
    await outlet.write(bytes);
  } finally {
    outlet.release();
  }
}

async function write(outlet: Outlet, lease: Lease, bytes: Buffer): Promise<void> {
  let sent = false;
  try {
    await outlet.write(bytes);
    sent = true;
  } finally {
    // Not after a failure: what was not called back may still be read from.
    lease.giveBack(sent && outlet.letsGo);
  }
}
