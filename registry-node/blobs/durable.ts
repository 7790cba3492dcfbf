// What it takes for a file to be there after a power cut, and how a full disk is told from other failures.
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OciError } from '../oci/errors.ts';

/** A new name in a folder is durable only when the folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Makes the folder and those above it that are missing, with mode 0700, so that their names survive a power cut. */
export async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  // Also when it is there: whoever made it may have been killed before it was synced.
  await syncMade(path, made ?? path);
}

/** Each folder from the topmost that was missing is a new name in its parent. */
async function syncMade(folder: string, topmost: string): Promise<void> {
  for (let path = folder; path.length >= topmost.length; path = dirname(path))
    await syncFolder(dirname(path));
}

/**
 * Moves a synced file to `target` in `folder`, which is made when it is missing, durably.
 * @param sync makes the names in a folder that was there durable
 */
export async function moveDurably(
  source: string,
  target: string,
  folder: string,
  sync: (folder: string) => Promise<void> = syncFolder,
): Promise<void> {
  const made = await moveIntoFolder(source, target, folder);
  if (made === undefined) return sync(folder);
  await syncFolder(folder);
  await syncMade(folder, made);
}

/** @returns the topmost folder that was missing; undefined when none was, which is nearly always */
async function moveIntoFolder(source: string, target: string, folder: string): Promise<string | undefined> {
  try {
    await rename(source, target);
    return undefined;
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(source, target);
    return made;
  }
}

/** Writes all of `bytes` at `position`, however short the single writes are. */
export async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    if (bytesWritten === 0) throw new Error('a write to disk made no progress');
    written += bytesWritten;
  }
}

/** Turns "no space left" and "over quota" into INSUFFICIENT_STORAGE; gives back any other error as it is. */
export function explainDiskError(error: unknown): unknown {
  if (!hasCode(error, 'ENOSPC', 'EDQUOT')) return error;
  return new OciError('INSUFFICIENT_STORAGE', undefined, undefined, { cause: error });
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
