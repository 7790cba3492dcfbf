// A read from a file may bring less than was asked for.
import type { FileHandle } from 'node:fs/promises';

/** Fills the first `length` bytes of `buffer` from `position` of the file. @throws when the file ends before */
export async function readFully(
  file: FileHandle,
  buffer: Buffer,
  position: number,
  length: number,
): Promise<Buffer> {
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) throw new Error(`a blob's file ends at ${position + filled}, before its size`);
    filled += bytesRead;
  }
  return buffer.subarray(0, length);
}
