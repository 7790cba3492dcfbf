// Where the bytes of a push are gathered until they are written. The buffers begin at a page, which writes around the page
// cache ask for (direct-file.ts), and are used again: fresh memory costs more than what is done with it.

/** What positions, lengths and addresses of direct writes are multiples of: no disk's block is larger. */
export const blockBytes = 4096;

const bufferBytes = 1024 * 1024;
/** Above so many at once they are smaller, so that a crowd of clients does not become a crowd of megabytes. */
const fullBuffersMax = 64;
const crowdBufferBytes = 128 * 1024;
/** Full buffers that wait for the next push. */
const spareBuffersMax = 16;

let taken = 0;
const spare: Buffer[] = [];

/** To be given back. @returns a buffer of some blocks, with whatever the last one left in it */
export function takeWriteBuffer(): Buffer {
  taken += 1;
  return taken > fullBuffersMax ? pages(crowdBufferBytes) : (spare.pop() ?? pages(bufferBytes));
}

/** To be called once, when nobody reads from the buffer any more. */
export function giveBackWriteBuffer(buffer: Buffer): void {
  taken -= 1;
  if (buffer.length === bufferBytes && spare.length < spareBuffersMax) spare.push(buffer);
}

/** V8 takes the memory of a resizable buffer from the kernel in whole pages; that of others begins anywhere. */
function pages(bytes: number): Buffer {
  return Buffer.from(new ArrayBuffer(bytes, { maxByteLength: bytes }), 0, bytes);
}
