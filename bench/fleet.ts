// A thousand sites below one control plane, each waiting for news as an idle node does: what one costs in memory, how many
// rounds there can be in a second, how long it takes until the last has learnt of a push, and how long others wait meanwhile.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRawRegistry, type RawRegistry } from '../fixtures/clients/raw-registry.ts';
import { openArmClient } from './arm/client.ts';
import { builtTopology } from './built.ts';
import { type Load, startLoad } from './fleet/load.ts';
import {
  type FleetRegistry,
  makeFleet,
  registryCount,
  repository,
  sitesPerRegistry,
} from './fleet/population.ts';
import { startProbe } from './fleet/probe.ts';
import { manifestType } from './load/connection.ts';
import { residentMemory } from './memory-of.ts';
import { pin } from './pin.ts';
import { printOwn, printRates } from './report.ts';
import { imageManifest, stored } from './works.ts';

const nodeCount = registryCount * sitesPerRegistry;
const pushes = 10;
const roundsForMs = 5000;
const armConnections = 8;
/** For garbage to be collected, and late answers to arrive. */
const settleMs = 5000;
const restMs = 1000;
/** The load has a core of its own. */
const cores = { controlPlane: 0, load: 1 } as const;
const kilobytesPerMegabyte = 1000;

const topology = await builtTopology();
const load = startLoad();
try {
  await topology.startControlPlane();
  const pid = await topology.pid('control-plane');
  await pin(pid, cores.controlPlane);
  for (const client of [load.pid, process.pid]) await pin(client, cores.load);
  const arm = await openArmClient(topology, armConnections);
  const { registries, nodes } = await makeFleet(arm);
  await arm.close();
  const pushers = await Promise.all(registries.map(openPusher));

  await sleep(settleMs);
  const before = residentMemory(pid);
  const { certificateAuthorityFile } = await topology.credential();
  await load.connect({ certificateAuthority: await readFile(certificateAuthorityFile, 'utf8'), nodes });
  await load.wait();
  await sleep(settleMs);
  const waiting = residentMemory(pid);

  const probe = startProbe(pushers[0]!);
  await sleep(settleMs);
  const alone = probe.take();
  const lastLearntMs: number[] = [];
  const besidePushes: number[] = [];
  for (let turn = 0; turn < pushes; turn++) {
    lastLearntMs.push(await timePush(pushers, load, turn));
    besidePushes.push(...probe.take());
    await sleep(restMs);
    probe.take();
  }
  await probe.end();
  const rounds = await load.rounds(roundsForMs);

  const met = [
    printRates([
      {
        name: `rounds of ${nodeCount} nodes, none of which waits`,
        measured: (rounds * 1000) / roundsForMs,
        atLeast: 1000,
        unit: 'requests/s',
      },
    ]),
    printOwn([
      {
        name: 'memory of the control plane for each waiting node',
        measured: ((waiting - before) * kilobytesPerMegabyte) / nodeCount,
        below: 150,
        unit: 'KB',
      },
      {
        name: `push to the last of ${nodeCount} waiting nodes has learnt of it, slowest of ${pushes}`,
        measured: Math.max(...lastLearntMs),
        below: 1000,
        unit: 'ms',
      },
      { name: 'slowest HEAD while all wait', measured: Math.max(...alone), below: 50, unit: 'ms' },
      {
        name: 'slowest HEAD while a push is told to all',
        measured: Math.max(...besidePushes),
        below: 500,
        unit: 'ms',
      },
    ]),
  ];
  process.exitCode = met.every(Boolean) ? 0 : 1;
} finally {
  await load.close();
  await topology.close();
}

/** With the blobs of what it will push stored. */
async function openPusher({ loginServer, pusher }: FleetRegistry): Promise<RawRegistry> {
  const registry = await openRawRegistry(loginServer, repository, pusher);
  for (const size of [1, 10]) {
    const { digest, pieces } = stored.get(size)!;
    await registry.putBlob(digest, Buffer.concat(pieces));
  }
  return registry;
}

/** One image to each registry, at once. @returns ms from before they were sent until the last node has learnt of one */
async function timePush(pushers: readonly RawRegistry[], load: Load, turn: number): Promise<number> {
  const manifest = Buffer.concat([imageManifest(), Buffer.alloc(turn + 1, '\n')]);
  const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  const learnt = load.learnt(digest);
  const startedAt = performance.timeOrigin + performance.now();
  const pushing = pushers.map(async (pusher) => {
    const pushed = await pusher.request('PUT', `manifests/v${turn}`, manifest, {
      'content-type': manifestType,
    });
    if (pushed.status !== 201) throw new Error(`the push failed: ${pushed.status} ${await pushed.text()}`);
  });
  await Promise.all(pushing);
  return (await learnt) - startedAt;
}
