// How much a node logs is a property of its resource, and so comes down with its configuration: it holds from the moment a
// round has brought it, without a restart.
import type { Logger } from 'pino';
import type { SyncedDirectory } from './directory/synced.ts';
import type { NodeConfiguration } from './gateway/protocol.ts';

const levels: Readonly<Record<NodeConfiguration['logLevel'], string>> = {
  Debug: 'debug',
  Information: 'info',
  Warning: 'warn',
  Error: 'error',
  None: 'silent',
};

/** Sets the level of `logger`, now and whenever it changes. @returns the call that ends it */
export function followLogLevel(
  logger: Logger,
  directory: Pick<SyncedDirectory, 'configuration' | 'onApply'>,
): () => void {
  const follow = (): void => {
    const wanted = directory.configuration?.logLevel;
    if (wanted === undefined || logger.level === levels[wanted]) return;
    logger.info({ logLevel: wanted }, 'how much is logged changes, as the resource says');
    logger.level = levels[wanted];
  };
  follow();
  return directory.onApply(follow);
}
