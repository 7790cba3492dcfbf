// The connection string of a node: as it is, or @file, which a node reads again when its password was made anew.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type ConnectionString,
  ConnectionStringError,
  parseConnectionString,
} from '../../../registry-node/connection-string.ts';
import { failure } from '../../errors.ts';

export interface Connection {
  connectionString: ConnectionString;
  connectionStringFile: string | undefined;
}

/** @throws CliError */
export async function readConnection(given: string): Promise<Connection> {
  const connectionStringFile = given.startsWith('@') ? resolve(given.slice(1)) : undefined;
  const text = connectionStringFile === undefined ? given : await readFrom(connectionStringFile);
  try {
    return { connectionString: parseConnectionString(text), connectionStringFile };
  } catch (error) {
    throw error instanceof ConnectionStringError ? failure(error.message) : error;
  }
}

/** What a process that runs elsewhere is given: the same file by its whole path. */
export function writtenAgain(given: string): string {
  return given.startsWith('@') ? `@${resolve(given.slice(1))}` : given;
}

async function readFrom(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw failure(`--connection-string: the file '${file}' cannot be read: ${reason}`);
  }
}
