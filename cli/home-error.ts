// What the file system refuses in ACRC_HOME, in words that name the folder and say how to have another. main.ts asks for it, so
// that whoever keeps something there just lets the error through.
import { sep } from 'node:path';
import { CliError, failure } from './errors.ts';
import type { Home } from './home.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'nothing there can be written',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full for this user',
  ENOTDIR: 'a file is where a folder must be',
  EEXIST: 'a file is where a folder must be',
  EISDIR: 'a folder is where a file must be',
  ENOENT: 'no folder can be made there',
};

/** @returns the error itself when it is about something else */
export function explainHome(error: unknown, { folder }: Pick<Home, 'folder'>): unknown {
  if (!(error instanceof Error) || error instanceof CliError) return error;
  const { code = '', path } = error as NodeJS.ErrnoException;
  const reason = reasons[code];
  if (reason === undefined || path === undefined || !isOnTheWay(path, folder)) return error;
  return failure(
    `'${path}' cannot be used: ${reason} (${code}).`,
    `acrc keeps what is yours in ${folder}; ACRC_HOME names another folder.`,
  );
}

/** Inside the folder, or above it: a folder is made with those that it lies in. */
function isOnTheWay(path: string, folder: string): boolean {
  return `${path}${sep}`.startsWith(`${folder}${sep}`) || folder.startsWith(`${path}${sep}`);
}
