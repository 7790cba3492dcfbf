// What is measured of ours alone: a long list of tags, and memory while a crowd pulls.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AcrcContestant } from './contestants/acrc.ts';
import type { Contestant } from './contestants/contestant.ts';
import { makeBlobs } from './load/blobs.ts';
import { Connection, manifestType } from './load/connection.ts';
import { expect, push, repeat } from './load/load.ts';
import { peakMemory } from './memory-of.ts';
import type { Measure } from './report.ts';
import { imageManifest, repository, stored } from './works.ts';

const tags = 10_000;
/** In one PUT, by `?tag=`. */
const tagsPerRequest = 100;
const crowd = 500;
/** A delay is written down at most so long after it. */
const delayWrittenMs = 500;

/** Before anything else is done. */
export const measuresBefore: readonly Measure[] = [
  { name: 'idle memory of a node', below: 90, unit: 'MB', measure: (acrc) => acrc.idleMemory() },
];

/** After all else, in this order. */
export const measuresAfter: readonly Measure[] = [
  {
    name: 'event loop stood still under pushes of 1 MiB, longest',
    below: 10,
    unit: 'ms',
    measure: blockedByPushes,
  },
  {
    name: `tags list of ${tags} tags, p99`,
    below: 10,
    unit: 'ms',
    measure: async (acrc) => {
      await addTags(acrc);
      const request = { method: 'GET', path: `/v2/${repository}/tags/list?n=${tags}` };
      return (await repeat(acrc, { request, connections: 1, forMs: 3000 })).p99Ms;
    },
  },
  {
    name: `peak memory, ${crowd} pulls of 100 MiB at once`,
    below: 300,
    unit: 'MB',
    measure: async (acrc) => {
      const request = { method: 'GET', path: `/v2/${repository}/blobs/${stored.get(100)!.digest}` };
      await repeat(acrc, { request, connections: crowd, forMs: 15_000 });
      return peakMemory(acrc.pid);
    },
  },
];

async function blockedByPushes(acrc: AcrcContestant): Promise<number> {
  const before = (await acrc.eventLoopDelaysMs()).length;
  await push(acrc, repository, makeBlobs('event-loop', 1, 300), 8);
  await sleep(delayWrittenMs);
  return Math.max(...(await acrc.eventLoopDelaysMs()).slice(before));
}

async function addTags({ port, authorization }: Contestant): Promise<void> {
  // Other bytes than the image's, so that its digest is known and its tags are only these.
  const body = [Buffer.concat([imageManifest(), Buffer.from('\n')])];
  const connection = await Connection.open(port);
  const digest = `sha256:${createHash('sha256').update(body[0]!).digest('hex')}`;
  for (let first = 0; first < tags; first += tagsPerRequest) {
    const names = Array.from({ length: tagsPerRequest }, (_, index) => `tag=v${first + index}`);
    const path = `/v2/${repository}/manifests/${digest}?${names.join('&')}`;
    expect(
      201,
      await connection.ask({ method: 'PUT', path, authorization, body, contentType: manifestType }),
    );
  }
  connection.close();
}
