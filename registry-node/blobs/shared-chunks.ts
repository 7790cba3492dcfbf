// What blobs are sent from: chunks of files in memory, shared by all sends of the process and bounded as a whole. A site's
// machines pull the same layers at about the same time, so what one of them has had read is there for the others until its
// buffer is wanted for something else. Who follows does not wait for the disk, so it catches up, and goes along. Buffers
// are used again: a fresh mebibyte costs the kernel more than reading a cached file into it, and what a crowd throws
// away stays in memory until V8 collects it.
import type { FileHandle } from 'node:fs/promises';
import type { OpenedFile } from './open-files.ts';
import { readFully } from './read-fully.ts';

/** Smaller and larger ones cost the kernel more for each byte (bench/README.md). */
const chunkBytes = 1024 * 1024;
const chunksMax = 16;
/** Of a buffer that is not shared, for who finds all chunks in use: a crowd of clients must not become one of megabytes. */
const ownBytes = 32 * 1024;
/** Kept for the next who needs one: 16 MiB. */
const spareMax = 512;

/** Part of a file, lent until it is given back. */
export interface Lease {
  length: number;
  /** Rejects when the file cannot be read, or ends before its size. To be waited for before it is given back. */
  bytes: Promise<Buffer>;
  /** There are enough for one more, to be read while this one is being written. */
  readsAhead: boolean;
  /** @param reusable false when somebody may still read from the buffer */
  giveBack(reusable: boolean): void;
}

interface Chunk {
  file: FileHandle;
  index: number;
  buffer: Buffer;
  bytes: Promise<Buffer>;
  users: number;
}

/** In the order in which they were last given back. */
const chunks = new Set<Chunk>();
const chunksOf = new WeakMap<FileHandle, Map<number, Chunk>>();
const spare: Buffer[] = [];

/** Lends what is at `position` of the file, up to `end` or less. */
export function takeChunk(opened: OpenedFile, position: number, end: number): Lease {
  const wanted = end + 1 - position;
  const index = Math.floor(position / chunkBytes);
  const known = chunksOf.get(opened.file)?.get(index);
  const chunk = known ?? (wanted > ownBytes ? readShared(opened, index) : undefined);
  const lease = chunk ? lend(chunk, position % chunkBytes, wanted) : lendOwn(opened, position, wanted);
  // It may fail before anybody waits for it.
  lease.bytes.catch(() => undefined);
  return lease;
}

function lend(chunk: Chunk, offset: number, wanted: number): Lease {
  const length = Math.min(wanted, chunkBytes - offset);
  chunk.users += 1;
  return {
    length,
    bytes:
      length === chunk.buffer.length
        ? chunk.bytes
        : chunk.bytes.then((bytes) => bytes.subarray(offset, offset + length)),
    readsAhead: true,
    giveBack: (reusable) => {
      chunk.users -= 1;
      const isKept = chunks.has(chunk);
      forget(chunk);
      if (reusable && isKept) remember(chunk);
    },
  };
}

/** @returns undefined when all buffers are in use */
function readShared({ file, size }: OpenedFile, index: number): Chunk | undefined {
  const buffer = chunks.size < chunksMax ? Buffer.allocUnsafeSlow(chunkBytes) : takeUnused();
  if (!buffer) return undefined;
  const start = index * chunkBytes;
  const bytes = readFully(file, buffer, start, Math.min(chunkBytes, size - start));
  const chunk = { file, index, buffer, bytes, users: 0 };
  remember(chunk);
  bytes.catch(() => forget(chunk));
  return chunk;
}

function takeUnused(): Buffer | undefined {
  for (const chunk of chunks) {
    if (chunk.users > 0) continue;
    forget(chunk);
    return chunk.buffer;
  }
  return undefined;
}

function remember(chunk: Chunk): void {
  chunks.add(chunk);
  const ofFile = chunksOf.get(chunk.file) ?? new Map<number, Chunk>();
  chunksOf.set(chunk.file, ofFile.set(chunk.index, chunk));
}

function forget(chunk: Chunk): void {
  if (chunks.delete(chunk)) chunksOf.get(chunk.file)?.delete(chunk.index);
}

function lendOwn({ file }: OpenedFile, position: number, wanted: number): Lease {
  const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(ownBytes);
  const length = Math.min(wanted, ownBytes);
  return {
    length,
    bytes: readFully(file, buffer, position, length),
    readsAhead: false,
    giveBack: (reusable) => {
      if (reusable && spare.length < spareMax) spare.push(buffer);
    },
  };
}
