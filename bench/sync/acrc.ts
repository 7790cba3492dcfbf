// Ours: a node that is started with an empty data folder, as on a new site, until its clients see the last tag.
import { setTimeout as sleep } from 'node:timers/promises';
import { openRawRegistry, type RawRegistry } from '../../fixtures/clients/raw-registry.ts';
import { freePort } from '../../fixtures/free-port.ts';
import {
  type ClientToken,
  type CloudRegistry,
  createConnectedRegistry,
  through,
} from '../../fixtures/provision.ts';
import type { Topology } from '../../fixtures/topology.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { startEagerLink } from './eager-link.ts';

export interface AcrcSite {
  /** Starts the node. @returns ms until `tags` tags are served */
  sync(tags: number): Promise<number>;
  /** Of rounds one after the other, none of which finds anything new. */
  idleRounds(): Promise<{ roundMs: number; requestsPerRound: number }>;
  close(): Promise<void>;
}

export interface Source {
  cloud: CloudRegistry;
  repository: string;
  token: ClientToken;
}

const lookEveryMs = 5;
const warmUpRounds = 100;
const measuredRounds = 500;

/** Provisions a site; its node is not started. @param name of its connected registry */
export async function openAcrcSite(topology: Topology, source: Source, name: string): Promise<AcrcSite> {
  const { cloud, repository, token } = source;
  const registry = cloud.name;
  const connection = await createConnectedRegistry(topology, {
    registry,
    name,
    repositories: [repository],
    mode: 'ReadOnly',
  });
  await topology.acrc(
    `connected-registry update -r ${registry} -n ${name} --add-client-tokens ${token.name}`,
  );
  const port = await freePort();
  const stop = (): Promise<unknown> => topology.acrcRun(`node stop --name ${name}`);
  return {
    sync: async (tags) => {
      const startedMs = performance.now();
      await topology.startNode({ name, connectionString: connection, port });
      const node = await waitFor(
        'the node to know its client',
        () => openRawRegistry(`localhost:${port}`, repository, token),
        { intervalMs: lookEveryMs },
      );
      await waitFor(`${tags} tags`, async () => (await countTags(node)) === tags, {
        intervalMs: lookEveryMs,
        timeoutMs: 120_000,
      });
      return performance.now() - startedMs;
    },
    idleRounds: async () => {
      await stop();
      const link = await startEagerLink(cloud.port);
      try {
        const plain = connection.replace('Protocol=https', 'Protocol=http');
        const eager = through(plain, `localhost:${link.port}`);
        await topology.startNode({ name, connectionString: eager, port });
        return await measureRounds(link.answered);
      } finally {
        await stop();
        await link.close();
      }
    },
    close: async () => void (await stop()),
  };
}

async function countTags(node: RawRegistry): Promise<number> {
  const answer = await node.request('GET', 'tags/list');
  const { tags }: { tags?: string[] } = JSON.parse(await answer.text());
  return tags?.length ?? 0;
}

async function measureRounds(
  answered: readonly string[],
): Promise<{ roundMs: number; requestsPerRound: number }> {
  const isRound = (request: string): boolean => request.endsWith('/sync');
  const rounds = (): number => answered.filter(isRound).length;
  await waitFor('rounds', () => rounds() >= warmUpRounds);
  const [startedMs, first] = [performance.now(), answered.length];
  while (rounds() < warmUpRounds + measuredRounds) await sleep(lookEveryMs);
  const measured = answered.slice(first);
  const count = measured.filter(isRound).length;
  return {
    roundMs: (performance.now() - startedMs) / count,
    requestsPerRound: measured.length / count,
  };
}
