// Chunks come from the network in any size; they are written in batches that end where a block of the disk does.
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

  /** Copies the chunk. @returns the batches that it filled, to be taken in turn */
  *add(chunk: Uint8Array): Generator<Batch> {
    for (let taken = 0; taken < chunk.length;) {
      this.#buffer ??= this.#begin();
      const piece = chunk.subarray(taken, taken + this.#capacity - this.#filled);
      this.#buffer.set(piece, this.#filled);
      this.#filled += piece.length;
      this.#end += piece.length;
      taken += piece.length;
      if (this.#filled === this.#capacity) yield this.take()!;
    }
  }

  /** What is left of a batch that is not full. */
  take(): Batch | undefined {
    const buffer = this.#buffer;
    if (!buffer) return undefined;
    this.#buffer = undefined;
    return { bytes: buffer.subarray(0, this.#filled), giveBack: () => giveBackWriteBuffer(buffer) };
  }

  #begin(): Buffer {
    const buffer = takeWriteBuffer();
    this.#filled = 0;
    this.#capacity = buffer.length - (this.#end % blockBytes);
    return buffer;
  }
}
