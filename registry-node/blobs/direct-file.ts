// A file that is written around the page cache where the system can (O_DIRECT). What is pushed need not be read again soon,
// and copying it into memory that the kernel must find first costs more processor time than all else that is done with it;
// it would also drive out what is being pulled. Only whole blocks can go this way. The rest, and all of it where the system
// refuses, is written as any other file.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { hasCode, writeFully } from './durable.ts';
import { blockBytes } from './write-buffers.ts';

export interface DirectFile {
  /** The file as any other: for reading, syncing and truncating. Not to be closed. */
  readonly file: FileHandle;
  /** Bytes that it had when it was opened. */
  readonly size: number;
  /** Writes all of `bytes` at `position`. */
  write(bytes: Buffer, position: number): Promise<void>;
  close(): Promise<void>;
}

/** Less is not worth a second open. */
const directBytesMin = 64 * 1024;
/** Missing on systems that have no such thing. */
const directFlag: number | undefined = constants.O_DIRECT;

/** Makes the file when it is missing. */
export async function openDirectFile(path: string): Promise<DirectFile> {
  const { file, size } = await openPlain(path);
  let direct: Promise<FileHandle | undefined> | undefined;

  /** @returns bytes written: whole blocks, a part of them, or none */
  const writeBlocks = async (bytes: Buffer, position: number): Promise<number> => {
    const length = bytes.length - (bytes.length % blockBytes);
    if (length < directBytesMin || position % blockBytes !== 0) return 0;
    const handle = await (direct ??= openAround(path));
    if (!handle) return 0;
    try {
      return (await handle.write(bytes, 0, length, position)).bytesWritten;
    } catch (error) {
      // The disk has larger blocks, or asks for something else that a plain write does not need.
      if (hasCode(error, 'EINVAL')) return 0;
      throw error;
    }
  };

  return {
    file,
    size,
    write: async (bytes, position) => {
      const written = await writeBlocks(bytes, position);
      if (written < bytes.length) await writeFully(file, bytes.subarray(written), position + written);
    },
    close: async () => {
      await Promise.all([file.close(), direct?.then((handle) => handle?.close())]);
    },
  };
}

/** A file that is new, as nearly all are, need not be asked for its size. */
async function openPlain(path: string): Promise<{ file: FileHandle; size: number }> {
  try {
    return { file: await open(path, 'wx+', 0o600), size: 0 };
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const file = await open(path, 'r+');
  try {
    return { file, size: (await file.stat()).size };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openAround(path: string): Promise<FileHandle | undefined> {
  if (directFlag === undefined) return undefined;
  try {
    return await open(path, constants.O_WRONLY | directFlag);
  } catch (error) {
    if (hasCode(error, 'EINVAL', 'ENOTSUP')) return undefined;
    throw error;
  }
}
