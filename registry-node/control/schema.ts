// Where the control socket of a running server lies, for the server and for the command line.
import { join } from 'node:path';

export function controlSocketOf(dataFolder: string): string {
  return join(dataFolder, 'control.sock');
}

/** unix(7): the address of a socket holds 108 bytes, with the zero behind it. */
export const socketPathBytesMax = 107;
