// Bodies of requests: as a stream that an error of ours does not tear down, or whole within a bound.
import type { IncomingMessage } from 'node:http';
import type { OciError } from '../oci/errors.ts';

/** Of a body that nobody wants any more: below this the client hears the reason, above it the connection goes. */
const drainedBytesMax = 256 * 1024 * 1024;

/**
 * The body piece by piece; a piece is valid until the next is asked for. Whoever leaves early can still answer: most clients
 * read an answer only when they have sent all, so the rest is read and thrown away. A client that goes away throws.
 */
export async function* bodyOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    const pieces: AsyncIterable<Buffer<ArrayBuffer>> = request.iterator({ destroyOnReturn: false });
    for await (const piece of pieces) {
      yield piece;
      free(piece);
    }
  } finally {
    if (!request.readableEnded) drain(request);
  }
}

/**
 * Gives the piece's memory back at once. Left to the collector, which hardly notices such small objects with much memory
 * behind them, some hundred megabytes of a fast push wait for a collection that stops everything.
 */
function free(piece: Buffer<ArrayBuffer>): void {
  // Only what is the piece's alone: small buffers share their memory.
  if (piece.length === piece.buffer.byteLength) piece.buffer.transfer(0);
}

function drain(request: IncomingMessage): void {
  let bytes = 0;
  request.on('error', () => undefined);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > drainedBytesMax) request.destroy();
  });
  request.resume();
}

/** @throws what `tooLarge` makes, as soon as the body is known to have more than `bytesMax` */
export async function readBody(
  request: IncomingMessage,
  bytesMax: number,
  tooLarge: () => OciError,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge();
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of bodyOf(request)) {
    bytes += piece.length;
    if (bytes > bytesMax) throw tooLarge();
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces, bytes);
}
