// A read from a file may bring less than was asked for.
import type { FileHandle } from 'node:fs/promises';

/** The disk does not give back what it was given: its error, or an end that comes too early. */
export class LostBytesError extends Error {
  override readonly name = 'LostBytesError';
}

/** Fills the first `length` bytes of `buffer` from `position` of the file. @throws LostBytesError */
export async function readFully(
  file: FileHandle,
  buffer: Buffer,
  position: number,
  length: number,
): Promise<Buffer> {
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file
      .read(buffer, filled, length - filled, position + filled)
      .catch((error: unknown) => {
        throw new LostBytesError(`a blob's file cannot be read at ${position + filled}`, { cause: error });
      });
    if (bytesRead === 0) {
      throw new LostBytesError(`a blob's file ends at ${position + filled}, before its size`);
    }
    filled += bytesRead;
  }
  return buffer.subarray(0, length);
}
