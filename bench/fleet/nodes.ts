// The simulated nodes, all in one process of their own: what a node says to its parent over the node's own client, without a
// registry behind it. Each signs in with its own token, activates, goes through its first full sync, and does what it is told
// to: rounds one after the other, or one that waits, as a node does that is idle.
import { randomUUID } from 'node:crypto';
import { createGatewayClient, type GatewayClient } from '../../registry-node/gateway/client.ts';
import type { NodeStatus, SyncResponse } from '../../registry-node/gateway/protocol.ts';
import { openRemoteRegistry } from '../../registry-node/remote/open.ts';
import type { Command, Told } from './load.ts';
import type { SimulatedNode } from './population.ts';

interface Node {
  gateway: GatewayClient;
  instanceId: string;
  /** What the node has of the parent's feed and configuration. */
  known: Pick<SyncResponse, 'cursor' | 'feedId' | 'grantsRevision' | 'revision'>;
}

const connectingAtOnce = 32;
/** As registry-node/sync/pull.ts. */
const waitSeconds = 50;
let nodes: Node[] = [];
const waiting = new AbortController();
/** Digest -> how many nodes have heard of it. */
const learnt = new Map<string, number>();

const tell = (told: Told): void => void process.send!(told);
const nowMs = (): number => performance.timeOrigin + performance.now();

process.on('message', (command: Command) => void obey(command).catch(fail));

async function obey(command: Command): Promise<void> {
  switch (command.do) {
    case 'connect':
      nodes = await inParallel(command.nodes, connectingAtOnce, (each) => connect(command, each));
      return tell({ done: 'connect' });
    case 'rounds': {
      waiting.abort();
      // The first opens connections anew.
      await Promise.all(nodes.map((node) => round(node, 0)));
      const endsAt = performance.now() + command.forMs;
      const counts = nodes.map(async (node) => {
        let rounds = 0;
        for (; performance.now() < endsAt; rounds++) await round(node, 0);
        return rounds;
      });
      const rounds = (await Promise.all(counts)).reduce((sum, each) => sum + each, 0);
      return tell({ done: 'rounds', rounds });
    }
    case 'wait':
      for (const node of nodes) wait(node).catch((error) => waiting.signal.aborted || fail(error));
      return tell({ done: 'wait' });
    case 'end':
      process.exit(0);
  }
}

async function connect(
  { certificateAuthority }: Extract<Command, { do: 'connect' }>,
  { parent: endpoint, name, password }: SimulatedNode,
): Promise<Node> {
  const parent = openRemoteRegistry({
    endpoint,
    protocol: 'https',
    credentials: { username: name, password },
    tokenPath: '/acr/oauth2/token',
    certificateAuthority,
  });
  const gateway = createGatewayClient(parent, name);
  const instanceId = randomUUID();
  const { revision } = await gateway.activate({ instanceId, status: statusOf() });
  const first = { instanceId, revision, status: statusOf(), descendants: {}, waitSeconds: 0 };
  let answer = await gateway.sync(first);
  while (answer.fullSync?.next !== undefined) {
    answer = await gateway.sync({ ...first, fullSyncAfter: answer.fullSync.next });
  }
  return { gateway, instanceId, known: answer };
}

async function round(node: Node, waitSeconds: number, signal?: AbortSignal): Promise<SyncResponse> {
  const { cursor, feedId, grantsRevision, revision } = node.known;
  const known = { cursor, feedId, grantsRevision, revision };
  const request = { instanceId: node.instanceId, ...known, hearsApplied: true, waitSeconds };
  const answer = await node.gateway.sync({ ...request, status: statusOf(), descendants: {} }, signal);
  node.known = answer;
  return answer;
}

async function wait(node: Node): Promise<never> {
  for (;;) {
    const { events, fullSync } = await round(node, waitSeconds, waiting.signal);
    if (fullSync) throw new Error('a full sync was announced to a node that was up to date');
    for (const { digest, action } of events) if (action === 'tag') hear(digest);
  }
}

function hear(digest: string): void {
  const heard = (learnt.get(digest) ?? 0) + 1;
  learnt.set(digest, heard);
  if (heard === nodes.length) tell({ done: 'learnt', digest, atMs: nowMs() });
}

/** As long as a node's that is well. */
function statusOf(): NodeStatus {
  const now = new Date().toISOString();
  return {
    version: '0.1.0',
    state: 'Online',
    statusDetails: [],
    loginServer: { host: 'localhost:8080', tls: 'Disabled' },
    lastSyncTime: now,
    lastActivityTime: now,
    active: true,
    storedBytes: 123_456_789,
    outstandingBytes: 0,
    freeBytes: 123_456_789_012,
    bytesPerSecond: 12_345_678,
  };
}

async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
