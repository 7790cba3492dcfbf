// What passed between this node and its parent, and what did not have to. Saved is what a whole image needed and what did not
// pass for it: stored already for another image or another repository, mounted at the parent, or left by an interrupted copy.
import type { z } from 'zod';
import { BoundedMap } from '../../bounded-map.ts';
import { countsSchema, type TrafficCounts } from '../../gateway/protocol.ts';
import type { Digest } from '../../oci/digest.ts';
import type { Direction, Traffic } from '../../remote/traffic.ts';

export interface Counters extends Pick<Traffic, 'whole'> {
  count(direction: Direction, bytes: number, digest?: Digest): void;
  /** A synchronisation begins: `run` counts from here. */
  beginRun(): void;
  /** Of the synchronisation that runs, or of the last one. */
  readonly run: Readonly<TrafficCounts>;
  /** Since the data folder was made. */
  readonly total: Readonly<TrafficCounts>;
}

export const totalSchema: z.ZodType<TrafficCounts> = countsSchema;

/** Blobs of images that are not whole yet; of one that is forgotten all bytes count as saved. */
const underWayMax = 10_000;

export function createCounters(before: TrafficCounts | undefined): Counters {
  const total = { ...(before ?? nothing()) };
  const run = nothing();
  /** What passed of a blob for an image that is not whole yet. */
  const passed = new BoundedMap<number>({ weightMax: underWayMax });
  const add = (what: keyof TrafficCounts, bytes: number): void => {
    total[what] += bytes;
    run[what] += bytes;
  };
  return {
    total,
    run,
    count(direction, bytes, digest) {
      add(`${direction}Bytes`, bytes);
      if (digest === undefined) return;
      const key = `${direction} ${digest}`;
      passed.set(key, (passed.get(key) ?? 0) + bytes);
    },
    whole(direction, blobs) {
      for (const { digest, size } of blobs) {
        // Of two images that share a blob, the first that is whole has paid for it.
        const bytes = passed.take(`${direction} ${digest}`) ?? 0;
        add('savedBytes', Math.max(size - bytes, 0));
      }
    },
    beginRun() {
      Object.assign(run, nothing());
    },
  };
}

function nothing(): TrafficCounts {
  return { receivedBytes: 0, sentBytes: 0, savedBytes: 0 };
}
