// Gives the sync engine everything it works with: its memory, its parent, and its own words about itself.
import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { createBell } from '../gateway/bell.ts';
import type { Clock } from '../clock.ts';
import type { NodeConfig } from '../config.ts';
import type { Content } from '../content/content.ts';
import type { DataFolder } from '../data-folder/open.ts';
import type { SyncedChildren } from '../directory/synced-children.ts';
import type { SyncedDirectory } from '../directory/synced.ts';
import { createGatewayClient } from '../gateway/client.ts';
import { openRemoteRegistry } from '../remote/open.ts';
import { version } from '../version.ts';
import { type Engine, startEngine } from './engine.ts';
import { createMutex } from './mutex.ts';
import { createPending } from './pending.ts';
import { openSyncState } from './state.ts';
import { createStatus } from './status.ts';

export interface Connection {
  config: NodeConfig;
  /** Where the parent issues tokens. */
  tokenPath: string;
  loginServer: string;
  folder: DataFolder;
  content: Content;
  directory: SyncedDirectory;
  children: SyncedChildren;
  clock: Clock;
  logger: Logger;
}

export async function connectEngine(connection: Connection): Promise<Engine> {
  const { config, tokenPath, loginServer, folder, content, directory, children, clock, logger } = connection;
  const { connectionString, chunkBytes, transfersMax, parentAuthorityFile } = config;
  const name = connectionString.connectedRegistryName;
  const state = await openSyncState(folder.statePath('sync'), content.feed.id);
  const parent = openRemoteRegistry({
    endpoint: connectionString.parentGatewayEndpoint,
    protocol: connectionString.parentEndpointProtocol,
    credentials: { username: connectionString.syncTokenName, password: connectionString.syncTokenPassword },
    tokenPath,
    certificateAuthority: parentAuthorityFile && (await readFile(parentAuthorityFile, 'utf8')),
    userAgent: `acrc-node/${version}`,
    clock,
  });
  const news = createBell(clock);
  const status = createStatus({
    version,
    loginServer: { host: loginServer, tls: config.tls ? 'Enabled' : 'Disabled' },
    clock,
    storedBytes: () => content.storedBytes(),
    lastSyncTime: () => state.value.lastSyncTime,
    onChange: () => news.ring(),
  });
  const unsubscribe = children.onReport(() => news.ring());
  const engine = startEngine({
    name,
    instanceId: folder.instanceId,
    content,
    directory,
    children,
    parent,
    gateway: createGatewayClient(parent, name),
    state,
    pending: createPending(content.feed, state),
    status,
    news,
    exclusively: createMutex(),
    chunkBytes,
    transfersMax,
    clock,
    random: Math.random,
    logger,
  });
  return {
    stopped: engine.stopped,
    firstContact: engine.firstContact,
    async close() {
      await engine.close();
      unsubscribe();
      await parent.close();
    },
  };
}
