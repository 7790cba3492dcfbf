// What is measured and what is wanted of it: a row per work, in the order in which they are done.
import type { Contestant } from './contestants/contestant.ts';
import { type Blob, makeBlobs } from './load/blobs.ts';
import { manifestType } from './load/connection.ts';
import { pullDiscarding } from './load/discarding.ts';
import { push, repeat, type Repeated } from './load/load.ts';

export interface Work {
  name: string;
  unit: 'MB/s' | 'requests/s';
  /** Ours at least so many times theirs. */
  targets: { 'docker-registry': number; nginx?: number };
  /** @returns in `unit` */
  measure(contestant: Contestant): Promise<number>;
}

export const repository = 'bench/app';
export const tag = 'latest';
const forMs = 3000;
const megabyte = 1_000_000;
const mebibyte = 1024 * 1024;

/** Pulled over and over: by its size in mebibytes. */
export const stored = new Map([1, 10, 100].map((size) => [size, makeBlobs(`stored-${size}`, size, 1)[0]!]));

/** nginx has files under their digests; the registries have them in a repository. */
function pathOf({ name }: Contestant, { digest }: Blob): string {
  return name === 'nginx' ? `/${digest}` : `/v2/${repository}/blobs/${digest}`;
}

/** Measured twice: by a client that takes nothing of the machine, and by one that copies what it gets, on the same cores. */
function pulls(size: number, connections: number, targets: Work['targets']): Work[] {
  const name = `pull ${size} MiB, ${connections} connections`;
  const load = (contestant: Contestant): Repeated => {
    return { request: { method: 'GET', path: pathOf(contestant, stored.get(size)!) }, connections, forMs };
  };
  return [
    {
      name,
      unit: 'MB/s',
      targets,
      measure: async (contestant) => pullDiscarding(contestant, load(contestant)) / megabyte,
    },
    {
      name: `${name}, client that copies`,
      unit: 'MB/s',
      targets,
      measure: async (contestant) => (await repeat(contestant, load(contestant))).bytesPerSecond / megabyte,
    },
  ];
}

function ask(name: string, method: string, path: string): Work {
  return {
    name: `${name}, 16 connections`,
    unit: 'requests/s',
    targets: { 'docker-registry': 15 },
    measure: async (contestant) =>
      (await repeat(contestant, { request: { method, path }, connections: 16, forMs })).requestsPerSecond,
  };
}

function pushes(size: number, count: number, connections: number, target: number): Work {
  let round = 0;
  return {
    name: `push ${size} MiB, ${connections} connections`,
    unit: 'MB/s',
    targets: { 'docker-registry': target },
    measure: async (contestant) => {
      const blobs = makeBlobs(`push-${size}-${contestant.name}-${round++}`, size, count);
      return ((await push(contestant, repository, blobs, connections)) * size * mebibyte) / megabyte;
    },
  };
}

export const works: readonly Work[] = [
  ...pulls(100, 4, { 'docker-registry': 1.5, nginx: 1 }),
  ...pulls(10, 8, { 'docker-registry': 2 }),
  ...pulls(1, 8, { 'docker-registry': 4 }),
  ask('manifest by tag', 'GET', `/v2/${repository}/manifests/${tag}`),
  ask('HEAD of a blob', 'HEAD', `/v2/${repository}/blobs/${stored.get(1)!.digest}`),
  pushes(1, 200, 8, 3),
  pushes(100, 6, 2, 2),
];

/** Done by registries that store in memory (without-disk.ts). */
export const workWithoutDisk: Work = {
  ...pushes(1, 200, 8, 3),
  name: 'push 1 MiB, 8 connections, data folders on a tmpfs, where syncing is free',
};

/** An image of what is stored, for the works that ask for a manifest. */
export function imageManifest(): Buffer {
  const [config, layer] = [stored.get(1)!, stored.get(10)!];
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: config.digest,
        size: mebibyte,
      },
      layers: [
        { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: layer.digest, size: 10 * mebibyte },
      ],
    }),
  );
}
