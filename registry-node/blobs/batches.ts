// Pieces come from the network in any size; they are written in batches that end where a block of the disk does.
import { blockBytes, giveBackWriteBuffer, takeWriteBuffer } from './write-buffers.ts';

export interface Batch {
  readonly bytes: Buffer;
  /** To be called once, when nobody reads from `bytes` any more. */
  giveBack(): void;
}

export class Batches {
  #end: number;
  #buffer: Buffer | undefined;
  #filled = 0;
  #capacity = 0;

  /** @param start the position of the first byte in its file */
  constructor(start: number) {
    this.#end = start;
  }

  /** The position after all that was added. */
  get end(): number {
    return this.#end;
  }

  /** Copies the piece, and calls `flush` with each batch that it filled. @returns what `flush` gave, when it was called */
  add(piece: Uint8Array, flush: (batch: Batch) => Promise<void>): Promise<void> | undefined {
    const taken = this.#copy(piece);
    if (this.#filled < this.#capacity) return undefined;
    const flushed = flush(this.take()!);
    const rest = piece.subarray(taken);
    return rest.length === 0 ? flushed : flushed.then(() => this.add(rest, flush));
  }

  /** What is left of a batch that is not full. */
  take(): Batch | undefined {
    const buffer = this.#buffer;
    if (!buffer) return undefined;
    this.#buffer = undefined;
    return { bytes: buffer.subarray(0, this.#filled), giveBack: () => giveBackWriteBuffer(buffer) };
  }

  /** @returns how much of the piece fitted into this batch */
  #copy(piece: Uint8Array): number {
    const buffer = (this.#buffer ??= this.#begin());
    const fitting = piece.subarray(0, this.#capacity - this.#filled);
    buffer.set(fitting, this.#filled);
    this.#filled += fitting.length;
    this.#end += fitting.length;
    return fitting.length;
  }

  #begin(): Buffer {
    const buffer = takeWriteBuffer();
    this.#filled = 0;
    this.#capacity = buffer.length - (this.#end % blockBytes);
    return buffer;
  }
}
