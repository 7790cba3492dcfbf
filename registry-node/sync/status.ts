// What the node says of itself: to its parent in every round, and to whoever asks it. Troubles are kept by key, so that
// each is told once, with the time at which it began, and goes when its cause goes.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Applied, NodeStatus, StatusDetail, TrafficCounts } from '../gateway/protocol.ts';

export interface Trouble {
  /** A family: `Sync`, `Disk`, `Push`, `Content`. */
  type: string;
  code: string;
  /** What happened, why, and what to do next. */
  description: string;
}

export interface AttemptCounts {
  succeeded: number;
  failed: number;
  /** The last one failed. */
  failing: boolean;
  /** It failed at the parent, or on the way there. */
  failingAtParent: boolean;
}

export interface Status {
  /** Begins or replaces the trouble `key`. @returns false when it was told just so already */
  raise(key: string, trouble: Trouble): boolean;
  clear(key: string): void;
  /** The work `key` was done, or failed. */
  attempted(key: string, failure?: { atParent: boolean }): void;
  /** The node has its name at the parent, and its last round did not fail there. */
  readonly parentUp: boolean;
  /** By the key of the work, since the start. */
  readonly attempts: ReadonlyMap<string, AttemptCounts>;
  /** A copy has begun: the state is `Syncing` until `copied` was called as often. */
  copying(): void;
  copied(): void;
  /** Bytes that are known to be needed and have not arrived: more of them, or fewer. */
  outstanding(bytes: number): void;
  /** So many of them did. */
  arrived(bytes: number): void;
  readonly syncing: boolean;
  snapshot(): Promise<NodeStatus>;
}

export interface StatusOptions {
  version: string;
  loginServer: NodeStatus['loginServer'];
  clock: Clock;
  /** What it may transfer; absent: as much as the line takes. What is buffered on the way lets a copy begin faster. */
  bytesPerSecondMax?: number | undefined;
  storedBytes(): Promise<number>;
  /** Of the file system of the data folder, and what of it this node may still write. */
  disk(): Promise<{ totalBytes: number; freeBytes: number }>;
  damaged(): Promise<string[]>;
  /** See set-aside.ts. */
  setAside(): string[];
  lastSyncTime(): string | undefined;
  applied(): Applied | undefined;
  traffic: { beginRun(): void; counts(): { run: TrafficCounts; total: TrafficCounts } };
  /** Called when something changed that the parent should hear of soon. */
  onChange(): void;
}

/** A copy of less says more of the round trip than of the link. */
const measuredBytesMin = 64 * 1024;

/** Each conflict is a trouble of its own; more than these say nothing new. */
const troublesMax = 50;

export function createStatus(options: StatusOptions): Status {
  const troubles = new Map<string, StatusDetail>();
  const attempts = new Map<string, AttemptCounts>();
  let copies = 0;
  let outstandingBytes = 0;
  let begunAtMs = 0;
  let receivedBytes = 0;
  let bytesPerSecond: number | undefined;
  const nowMs = (): number => options.clock.now().getTime();
  const measure = (): void => {
    const elapsedMs = nowMs() - begunAtMs;
    if (receivedBytes < measuredBytesMin || elapsedMs <= 0) return;
    const measured = Math.round((receivedBytes * 1000) / elapsedMs);
    bytesPerSecond = Math.min(measured, options.bytesPerSecondMax ?? Infinity);
  };
  return {
    raise(key, trouble) {
      const known = troubles.get(key);
      if (known?.description === trouble.description && known.code === trouble.code) return false;
      const timestamp = options.clock.now().toISOString();
      troubles.delete(key);
      if (troubles.size >= troublesMax) troubles.delete(troubles.keys().next().value!);
      troubles.set(key, { ...trouble, timestamp, correlationId: randomUUID() });
      options.onChange();
      return true;
    },
    clear(key) {
      if (troubles.delete(key)) options.onChange();
    },
    attempted(key, failure) {
      const { succeeded, failed } = attempts.get(key) ?? { succeeded: 0, failed: 0 };
      attempts.set(key, {
        succeeded: succeeded + (failure ? 0 : 1),
        failed: failed + (failure ? 1 : 0),
        failing: failure !== undefined,
        failingAtParent: failure?.atParent === true,
      });
    },
    attempts,
    get parentUp() {
      return (
        (attempts.get('activation')?.succeeded ?? 0) > 0 && attempts.get('pull')?.failingAtParent !== true
      );
    },
    copying() {
      if (copies === 0) {
        [begunAtMs, receivedBytes] = [nowMs(), 0];
        options.traffic.beginRun();
      }
      copies++;
      options.onChange();
    },
    copied() {
      copies--;
      if (copies > 0) return;
      measure();
      outstandingBytes = 0;
    },
    outstanding(bytes) {
      outstandingBytes = Math.max(outstandingBytes + bytes, 0);
    },
    arrived(bytes) {
      receivedBytes += bytes;
      outstandingBytes = Math.max(outstandingBytes - bytes, 0);
    },
    get syncing() {
      return copies > 0;
    },
    async snapshot() {
      const lastSyncTime = options.lastSyncTime();
      const applied = options.applied();
      const damaged = await options.damaged();
      const setAside = options.setAside();
      if (copies > 0) measure();
      return {
        version: options.version,
        state: copies > 0 ? 'Syncing' : 'Online',
        statusDetails: [...troubles.values()],
        loginServer: options.loginServer,
        ...(lastSyncTime === undefined ? {} : { lastSyncTime }),
        lastActivityTime: options.clock.now().toISOString(),
        active: true,
        storedBytes: await options.storedBytes(),
        outstandingBytes,
        ...(applied && { applied }),
        ...(damaged.length > 0 && { damaged }),
        ...(setAside.length > 0 && { setAside }),
        ...(await options.disk()),
        ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
        traffic: options.traffic.counts(),
      };
    },
  };
}
