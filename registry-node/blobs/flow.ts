// Bytes on their way, handed on by calls. An async iterator makes promises for each piece in each function that it passes
// through, and pieces come from the network by the ten thousand; here a piece costs promises only where somebody has to wait.
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** Deals with a piece, which is valid until then. @returns what the next piece waits for; undefined: nothing */
export type Take = (piece: Uint8Array) => Promise<void> | undefined;

/**
 * Calls `take` with one piece after the other. To be called once.
 * @throws what the source or `take` throws, when no piece is being dealt with any more; after `take` has thrown nothing flows
 */
export type Flow = (take: Take) => Promise<void>;

/**
 * What the stream brings. When `take` throws the stream is left as it is: paused.
 * @param explain what to throw for an error of the stream; absent: the error
 */
export function flowOf(stream: Readable, explain: (error: unknown) => unknown = (error) => error): Flow {
  return async (take) => {
    const refused = Promise.withResolvers<never>();
    let taking: Promise<void> | undefined;
    const stop = (error: unknown): void => {
      stream.off('data', onPiece);
      stream.pause();
      refused.reject(error);
    };
    const onPiece = (piece: Uint8Array): void => {
      try {
        taking = take(piece);
      } catch (error) {
        stop(error);
        return;
      }
      if (!taking) return;
      stream.pause();
      taking.then(() => stream.resume(), stop);
    };
    const ended = finished(stream, { writable: false }).catch((error: unknown) => {
      throw explain(error);
    });
    stream.on('data', onPiece);
    try {
      await Promise.race([ended, refused.promise]);
    } finally {
      await taking;
    }
  };
}

/** The same pieces, each of whose memory is given back when it has been dealt with. They must be nobody else's. */
export function freed(flow: Flow): Flow {
  return (take) =>
    flow((piece) => {
      const taking = take(piece);
      if (taking) return taking.finally(() => free(piece));
      free(piece);
      return undefined;
    });
}

/**
 * Left to the collector, which hardly notices such small objects with much memory behind them, some hundred megabytes of a
 * fast push wait for a collection that stops everything.
 */
function free({ buffer, byteLength }: Uint8Array): void {
  // Only what is the piece's alone: small buffers share their memory.
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}

/** All of it in one piece. @throws what `tooLarge` makes, as soon as there is known to be more than `bytesMax` */
export async function gather(flow: Flow, bytesMax: number, tooLarge: () => Error): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  await flow((piece) => {
    bytes += piece.length;
    if (bytes > bytesMax) throw tooLarge();
    pieces.push(Buffer.from(piece));
    return undefined;
  });
  return Buffer.concat(pieces, bytes);
}
