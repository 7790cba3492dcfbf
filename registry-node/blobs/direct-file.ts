// A file that is written around the page cache where the system can (O_DIRECT). What is pushed need not be read again soon,
// and copying it into memory that the kernel must find first costs more processor time than all else that is done with it;
// it would also drive out what is being pulled. Only whole blocks can go this way. The rest, and all of it where the system
// refuses, is written as any other file.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { hasCode, writeFully } from './durable.ts';
import { blockBytes } from './write-buffers.ts';

export interface DirectFile {
  /** Bytes that it had when it was opened. */
  readonly size: number;
  /** The file as any other, made when it is missing: for reading and truncating. Not to be closed. */
  plain(): Promise<FileHandle>;
  /** Writes all of `bytes` at `position`. */
  write(bytes: Buffer, position: number): Promise<void>;
  /** Makes what was written survive a power cut; an empty file is made now at the latest. */
  datasync(): Promise<void>;
  close(): Promise<void>;
}

export interface DirectFileChoices {
  /** True: the file is known to be missing, and is made by the first write, opened only in the way that this one needs. */
  isNew?: boolean;
}

/** Less is not worth a second open. */
const directBytesMin = 64 * 1024;
/** Missing on systems that have no such thing. */
const directFlag: number | undefined = constants.O_DIRECT;
const readWriteMake = constants.O_RDWR | constants.O_CREAT;
const fileMode = 0o600;

/** Makes the file when it is missing. */
export async function openDirectFile(
  path: string,
  { isNew = false }: DirectFileChoices = {},
): Promise<DirectFile> {
  const found = isNew ? undefined : await openPlain(path);
  let file: Promise<FileHandle> | undefined = found && Promise.resolve(found.file);
  let direct: Promise<FileHandle | undefined> | undefined;
  // What cannot be opened now, on a full disk for instance, is tried again by the next write.
  const plain = (): Promise<FileHandle> =>
    (file ??= open(path, readWriteMake, fileMode).catch((error: unknown) => {
      file = undefined;
      throw error;
    }));
  const around = (): Promise<FileHandle | undefined> =>
    (direct ??= openAround(path).catch((error: unknown) => {
      direct = undefined;
      throw error;
    }));

  /** @returns bytes written: whole blocks, a part of them, or none */
  const writeBlocks = async (bytes: Buffer, position: number): Promise<number> => {
    const length = bytes.length - (bytes.length % blockBytes);
    if (length < directBytesMin || position % blockBytes !== 0) return 0;
    const handle = await around();
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
    size: found?.size ?? 0,
    plain,
    write: async (bytes, position) => {
      const written = await writeBlocks(bytes, position);
      if (written < bytes.length)
        await writeFully(await plain(), bytes.subarray(written), position + written);
    },
    // Either handle stands for all of the file.
    datasync: async () => (file ? await file : ((await direct) ?? (await plain()))).datasync(),
    close: async () => {
      // What could not be opened has nothing to close, and its write has said so.
      const handles = [file, direct].map(async (opening) => (await opening?.catch(() => undefined))?.close());
      await Promise.all(handles);
    },
  };
}

/** A file that is new, as nearly all are, need not be asked for its size. */
async function openPlain(path: string): Promise<{ file: FileHandle; size: number }> {
  try {
    return { file: await open(path, 'wx+', fileMode), size: 0 };
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
    return await open(path, readWriteMake | directFlag, fileMode);
  } catch (error) {
    if (hasCode(error, 'EINVAL', 'ENOTSUP')) return undefined;
    throw error;
  }
}
