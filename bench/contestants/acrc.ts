// Ours, started as a user starts it: a control plane, a cloud registry and a node on a site, all processes of the built program.
// The node takes part; its clients sign in with a token that the cloud made.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openRawRegistry } from '../../fixtures/clients/raw-registry.ts';
import { Site } from '../../fixtures/site.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { builtTopology } from '../built.ts';
import { residentMemory } from '../memory-of.ts';
import type { Contestant } from './contestant.ts';

export interface AcrcContestant extends Contestant {
  /** To be asked for before any work is done: what a node holds that nobody uses, in MB. */
  idleMemory(): Promise<number>;
  /** The longest of each quarter of a second since this was first asked. */
  eventLoopDelaysMs(): Promise<number[]>;
}

const settleMs = 5000;

/** @param below where its data folders are made, when not on the disk that all contestants share */
export async function startAcrc(repository: string, below?: string): Promise<AcrcContestant> {
  const topology = await builtTopology(below);
  await topology.startControlPlane();
  const site = await Site.provision({
    topology,
    registry: 'benchregistry',
    name: 'benchnode',
    repositories: [repository],
  });
  const delays = join(topology.folder, 'event-loop');
  const preload = fileURLToPath(new URL('event-loop.cjs', import.meta.url));
  await topology.startNode({
    name: site.name,
    connectionString: site.connection,
    port: site.port,
    env: { NODE_OPTIONS: `--require ${preload}`, ACRC_TEST_EVENT_LOOP_FILE: delays },
  });
  const { authorization } = await waitFor('the node to know its client', () =>
    openRawRegistry(site.host, repository, site.token),
  );
  const pid = await topology.pid('node', site.name);
  return {
    name: 'acrc',
    port: site.port,
    pid,
    authorization,
    idleMemory: async () => {
      await sleep(settleMs);
      return residentMemory(pid);
    },
    eventLoopDelaysMs: async () => {
      process.kill(pid, 'SIGUSR2');
      const lines = await waitFor('the first delay', () => readFile(delays, 'utf8'));
      return lines.trimEnd().split('\n').map(Number);
    },
    close: async () => {
      await site.close();
      await topology.close();
    },
  };
}
