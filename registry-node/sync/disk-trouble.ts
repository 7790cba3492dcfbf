// What a failure of the disk under the data folder is told as: `DiskError`, with what still works and what to do.
import { OciError } from '../oci/errors.ts';
import { RemoteError } from '../remote/errors.ts';
import type { Trouble } from './status.ts';

const full: ReadonlySet<string> = new Set(['INSUFFICIENT_STORAGE', 'ENOSPC', 'EDQUOT']);
const denied: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);
/** Result codes of SQLite, which has its own words for what the system told it. */
const ofSqlite: Readonly<Record<number, string>> = { 8: 'EROFS', 10: 'EIO', 13: 'ENOSPC', 14: 'EIO' };

/** Undefined when it is not the disk's. */
export function diskTrouble(error: unknown): Trouble | undefined {
  const code = codeOf(error) ?? '';
  const message = error instanceof Error ? error.message : '';
  const say = (description: string): Trouble => ({ type: 'Disk', code: 'DiskError', description });
  if (full.has(code)) {
    return say(
      'No space left on device. Synchronisation is paused and goes on by itself when there is space; pulls are served.',
    );
  }
  if (code === 'EROFS') {
    return say(
      `The file system of the data folder is read-only (${message}). Pulls are served. Look at the disk, make it ` +
        'writable, and synchronisation goes on; start the node again when the file system was mounted anew.',
    );
  }
  if (denied.has(code)) {
    const path = error instanceof Error && 'path' in error ? `path '${String(error.path)}'` : 'data folder';
    return say(
      `Access to the ${path} is denied. Give the user of this process read and write access to all of the data folder (${message}).`,
    );
  }
  return code === 'EIO'
    ? say(`The disk fails: ${message}. Pulls are served as far as it can be read.`)
    : undefined;
}

/** A system's or a registry's word for what failed. Not of errors of the network, which have such codes too. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof OciError) return error.code;
  if (error instanceof RemoteError || !(error instanceof Error)) return undefined;
  // The low byte is the kind; what is above tells it more precisely.
  const sqlite = 'errcode' in error ? ofSqlite[Number(error.errcode) & 0xff] : undefined;
  return sqlite ?? ('code' in error ? String(error.code) : undefined);
}
