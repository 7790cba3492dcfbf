// What the next sync would bring and take away, and whether it fits: the disk, as the node told, and the window, at the speed
// that the node measured.
import type { NodeStatus } from '../../../registry-node/gateway/protocol.ts';
import { endOfWork } from '../../../registry-node/sync-window.ts';
import type { SiteContent, SiteRepository, SiteState } from './site-content.ts';
import type { Removal } from './unapplied.ts';
import { planWindow, type PlanWindow } from './window.ts';

export interface SyncPlan {
  /** Whether the cloud knows what is on site; else everything counts as missing, and removals are not known. */
  known: boolean;
  /** Less what has come of the copy that runs, as far as the node has told. */
  bytesLeft: number;
  manifestsLeft: number;
  tagsLeft: number;
  /** Not wanted by the filter of the connected registry, or of one above it. */
  tagsFiltered: number;
  /** Repositories with something to copy; at most `linesMax`, each with as many tags. */
  copies: { repository: string; tags: string[]; manifests: number; bytes: number }[];
  /** At most `linesMax`. */
  removals: Removal[];
  /** Copies or removals that are counted and not listed. */
  unlisted: number;
  window: PlanWindow;
  /** What the node last told; absent: it never did. */
  node:
    | Pick<
        NodeStatus,
        'outstandingBytes' | 'storedBytes' | 'freeBytes' | 'bytesPerSecond' | 'lastSyncTime' | 'traffic'
      >
    | undefined;
  /** Absent: the node measured no speed yet. */
  secondsNeeded: number | undefined;
  /** When all is there at that speed, in however many windows; absent when it cannot be said, or there is nothing to copy. */
  estimatedEnd: Date | undefined;
  /** Each absent when it cannot be said. */
  fitsDisk: boolean | undefined;
  fitsWindow: boolean | undefined;
}

const linesMax = 1000;
const settled: ReadonlySet<SiteState> = new Set(['OnSite', 'Locked', 'Filtered']);

export function planOf(
  { known, repositories, removals }: SiteContent,
  schedule: { schedule: string; syncWindow?: string | undefined },
  status: NodeStatus | undefined,
  now: Date,
): SyncPlan {
  const copies = repositories.map(copyOf).filter(({ manifests, tags }) => manifests + tags.length > 0);
  const sum = (count: (repository: SiteRepository) => number): number =>
    repositories.reduce((total, each) => total + count(each), 0);
  const bytesLeft = Math.max(sum((each) => each.bytesLeft) - arrivedBytes(status), 0);
  const window = planWindow(schedule, now);
  const secondsNeeded = secondsFor(bytesLeft, status?.bytesPerSecond);
  return {
    known,
    bytesLeft,
    manifestsLeft: sum((each) => each.manifestsLeft),
    tagsLeft: sum(({ tags }) => tags.filter(isLeft).length),
    tagsFiltered: sum(({ tags }) => tags.filter(({ state }) => state === 'Filtered').length),
    copies: copies.slice(0, linesMax),
    removals: removals.slice(0, linesMax),
    unlisted: Math.max(copies.length - linesMax, 0) + Math.max(removals.length - linesMax, 0),
    window,
    node: status && {
      outstandingBytes: status.outstandingBytes,
      storedBytes: status.storedBytes,
      freeBytes: status.freeBytes,
      bytesPerSecond: status.bytesPerSecond,
      lastSyncTime: status.lastSyncTime,
      traffic: status.traffic,
    },
    secondsNeeded,
    estimatedEnd: secondsNeeded ? endOfWork(schedule, now, secondsNeeded * 1000) : undefined,
    fitsDisk: status?.freeBytes === undefined ? undefined : bytesLeft <= status.freeBytes,
    fitsWindow: fitsWindow(window, secondsNeeded, now),
  };
}

function copyOf({ name, tags, manifestsLeft, bytesLeft }: SiteRepository): SyncPlan['copies'][number] {
  const left = tags.filter(isLeft);
  return {
    repository: name,
    tags: left.slice(0, linesMax).map((tag) => tag.name),
    manifests: manifestsLeft,
    bytes: bytesLeft,
  };
}

/** What a copy brings counts as left until all that was asked for with it is there. */
function arrivedBytes(status: NodeStatus | undefined): number {
  return status?.state === 'Syncing' ? (status.traffic?.run.receivedBytes ?? 0) : 0;
}

const isLeft = ({ state }: SiteRepository['tags'][number]): boolean => !settled.has(state);

function secondsFor(bytes: number, bytesPerSecond: number | undefined): number | undefined {
  if (bytes === 0) return 0;
  return bytesPerSecond ? Math.ceil(bytes / bytesPerSecond) : undefined;
}

/** Of a window that is open, what is left of it counts. */
function fitsWindow(
  { continuous, opens, closes, open }: PlanWindow,
  secondsNeeded: number | undefined,
  now: Date,
): boolean | undefined {
  if (continuous) return true;
  if (!opens) return false;
  if (!closes) return true;
  if (secondsNeeded === undefined) return undefined;
  return secondsNeeded * 1000 <= closes.getTime() - (open ? now : opens).getTime();
}
