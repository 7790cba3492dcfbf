// Where the bytes of a push are gathered until they are written. The buffers begin at a page, which writes around the page
// cache ask for (direct-file.ts); the hashing thread reads from the same memory (hash-thread.ts); and they are used again:
// fresh memory costs more than what is done with it.

/** What positions, lengths and addresses of direct writes are multiples of: no disk's block is larger. */
export const blockBytes = 4096;

const bufferBytes = 1024 * 1024;
/** Of all pushes and copies at once. Made when they are needed, and kept. */
const buffersMax = 32;
/** Whoever comes when all are taken gets less, so that a crowd of clients does not become a crowd of megabytes. */
const crowdBufferBytes = 128 * 1024;

let made = 0;
const spare: Buffer[] = [];

/** To be given back. @returns a buffer of some blocks, with whatever the last one left in it */
export function takeWriteBuffer(): Buffer {
  const used = spare.pop();
  if (used) return used;
  if (made === buffersMax) return inPages(ArrayBuffer, crowdBufferBytes);
  made += 1;
  return inPages(SharedArrayBuffer, bufferBytes);
}

/** To be called once, when nobody reads from the buffer any more. */
export function giveBackWriteBuffer(buffer: Buffer): void {
  if (buffer.length === bufferBytes) spare.push(buffer);
}

/** V8 takes the memory of a resizable buffer from the kernel in whole pages; that of others begins anywhere. */
function inPages(Memory: ArrayBufferConstructor | SharedArrayBufferConstructor, bytes: number): Buffer {
  return Buffer.from(new Memory(bytes, { maxByteLength: bytes }), 0, bytes);
}
