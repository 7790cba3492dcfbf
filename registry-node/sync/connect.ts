// Gives the sync engine everything it works with: its memory, its parent, and its own words about itself.
import { access, constants } from 'node:fs/promises';
import { createBell } from '../gateway/bell.ts';
import type { Content } from '../content/content.ts';
import type { DataFolder } from '../data-folder/open.ts';
import type { SyncedChildren } from '../directory/synced-children.ts';
import type { SyncedDirectory } from '../directory/synced.ts';
import { createGatewayClient } from '../gateway/client.ts';
import type { Applied, NodeStatus } from '../gateway/protocol.ts';
import type { Outbox } from '../notifications/outbox.ts';
import { version } from '../version.ts';
import type { SyncContext } from './context.ts';
import { createConflicts } from './conflicts.ts';
import { currentWindow } from './current-window.ts';
import { damagedIn, diskOf } from './disk-facts.ts';
import { type Engine, startEngine } from './engine.ts';
import type { Metric } from '../metrics/metric.ts';
import { syncMetrics } from './metrics.ts';
import { createMutex } from './mutex.ts';
import { openParent, type ParentOptions } from './open-parent.ts';
import { createPending } from './pending.ts';
import { createSetAside } from './set-aside.ts';
import { openSyncState } from './state.ts';
import { type Standing, standingOf } from './standing.ts';
import { createStatus } from './status.ts';
import { openTraffic } from './traffic/open.ts';

export interface Connection extends ParentOptions {
  loginServer: string;
  folder: DataFolder;
  content: Content;
  directory: SyncedDirectory;
  children: SyncedChildren;
  outbox: Outbox;
  /** From 0 to 1; absent: by Math.random. */
  random?: () => number;
}

/** All that an engine works with, and the call that lets go of it. */
export interface PreparedEngine {
  context: Omit<SyncContext, 'contacted'>;
  close(): Promise<void>;
}

export interface ConnectedEngine extends Engine {
  /** What this node has of the feed at the top. */
  applied(): Applied | undefined;
  /** What was changed at the parent is known here, or will be at once. */
  isInTouch(): boolean;
  metrics(): Promise<Metric[]>;
  /** What it tells its parent of itself, and how it stands. */
  status(): Promise<NodeStatus & Standing>;
}

export async function connectEngine(connection: Connection): Promise<ConnectedEngine> {
  const prepared = await prepareEngine(connection);
  const { context } = prepared;
  const engine = startEngine(context);
  return {
    stopped: engine.stopped,
    firstContact: engine.firstContact,
    applied: () => context.state.value.applied,
    isInTouch: () =>
      context.status.parentUp && currentWindow(context.directory.configuration, context.clock.now()).open,
    status: async () => {
      const told = await context.status.snapshot();
      return { ...told, ...standingOf(context, told) };
    },
    metrics: () => syncMetrics(context),
    async close() {
      await engine.close();
      await prepared.close();
    },
  };
}

export async function prepareEngine(connection: Connection): Promise<PreparedEngine> {
  const { config, loginServer, folder, content, directory, children, outbox, clock, logger } = connection;
  const { chunkBytes, transfersMax } = config;
  const name = config.connectionString.connectedRegistryName;
  const state = await openSyncState(folder.statePath('sync'), content.feed.id);
  const parent = await openParent(connection);
  const windowEnds = (): Date | undefined => {
    const window = currentWindow(directory.configuration, clock.now());
    return window.open ? window.until : undefined;
  };
  const traffic = await openTraffic({
    path: folder.statePath('traffic'),
    bytesPerSecond: config.bytesPerSecond,
    budget: config.budget ?? {},
    windowEnds,
    clock,
  });
  const news = createBell(clock);
  const status = createStatus({
    version,
    loginServer: { host: loginServer, tls: config.tls ? 'Enabled' : 'Disabled' },
    clock,
    bytesPerSecondMax: config.bytesPerSecond,
    storedBytes: () => content.storedBytes(),
    disk: () => diskOf(config.dataFolder),
    damaged: () => damagedIn(content),
    setAside: (): string[] => setAside.digests(),
    lastSyncTime: () => state.value.lastSyncTime,
    applied: () => state.value.applied,
    traffic,
    onChange: () => news.ring(),
  });
  const setAside = createSetAside({ name, clock, state, status });
  const unsubscribe = children.onReport(() => news.ring());
  const context = {
    name,
    instanceId: folder.instanceId,
    content,
    directory,
    children,
    parent,
    gateway: createGatewayClient(parent, name),
    state,
    pending: createPending(content.feed, state),
    conflicts: createConflicts({ clock, feed: content.feed, logger, state, status }),
    setAside,
    status,
    outbox,
    news,
    exclusively: createMutex(),
    requireWritable: () => access(config.dataFolder, constants.W_OK),
    chunkBytes,
    transfersMax,
    traffic,
    clock,
    random: connection.random ?? Math.random,
    logger,
  };
  return {
    context,
    async close() {
      unsubscribe();
      await parent.close();
      await traffic.close();
    },
  };
}
