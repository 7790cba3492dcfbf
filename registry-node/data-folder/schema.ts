// Where a node keeps its documents in its data folder, for the node and for the command line.
import { join } from 'node:path';

export function stateFolderOf(dataFolder: string): string {
  return join(dataFolder, 'state');
}

/** @param name e.g. `configuration`, the document that its parent sent last (directory/synced.ts) */
export function statePathOf(dataFolder: string, name: string): string {
  return join(stateFolderOf(dataFolder), `${name}.json`);
}
