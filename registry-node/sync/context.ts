// What every part of the engine works with, built once in connect.ts.
import type { Logger } from 'pino';
import type { Bell } from '../gateway/bell.ts';
import type { Clock } from '../clock.ts';
import type { Content } from '../content/content.ts';
import type { SyncedChildren } from '../directory/synced-children.ts';
import type { SyncedDirectory } from '../directory/synced.ts';
import type { GatewayClient } from '../gateway/client.ts';
import type { Outbox } from '../notifications/outbox.ts';
import type { RemoteRegistry } from '../remote/open.ts';
import type { Conflicts } from './conflicts.ts';
import type { Pending } from './pending.ts';
import type { SetAside } from './set-aside.ts';
import type { SyncState } from './state.ts';
import type { Status } from './status.ts';
import type { SyncTraffic } from './traffic/open.ts';

export interface SyncContext {
  /** The connected registry's name. */
  name: string;
  instanceId: string;
  content: Content;
  directory: SyncedDirectory;
  children: SyncedChildren;
  parent: RemoteRegistry;
  gateway: GatewayClient;
  state: SyncState;
  pending: Pending;
  conflicts: Conflicts;
  setAside: SetAside;
  status: Status;
  /** Notifications that wait for the way up. */
  outbox: Outbox;
  /** Rings when there may be something to report between two rounds. */
  news: Bell;
  /** One at a time: a page of a full sync, or the way up of one change. See full-sync.ts. */
  exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  /** @throws an error of the system when the data folder cannot be written */
  requireWritable: () => Promise<void>;
  chunkBytes: number;
  transfersMax: number;
  traffic: SyncTraffic;
  clock: Clock;
  /** From 0 to 1, as Math.random. */
  random: () => number;
  logger: Logger;
  /** To be called with how the first attempt to reach the parent went; later calls change nothing. See Engine.firstContact. */
  contacted: (notYet: string | undefined) => void;
}
