// How long after a push at the cloud idle nodes serve it: one below the cloud, one below that, and one below that. The clock
// starts when the cloud has answered 201 for the manifest (the push is done for whoever pushed) and stops when the node answers
// for the tag.
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRawRegistry, type RawRegistry } from '../fixtures/clients/raw-registry.ts';
import { freePort } from '../fixtures/free-port.ts';
import {
  type ClientToken,
  type CloudRegistry,
  createConnectedRegistry,
  createRegistry,
  createToken,
  through,
} from '../fixtures/provision.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { builtTopology } from './built.ts';
import { manifestType } from './load/connection.ts';
import { quantile } from './quantile.ts';
import { type Own, printOwn } from './report.ts';

const repository = 'bench';
const levels = [
  { name: 'level1', says: 'one level down', p99BelowMs: 500 },
  { name: 'level2', says: 'two levels down', p99BelowMs: 1000 },
  { name: 'level3', says: 'three levels down', p99BelowMs: 1500 },
] as const;
const pushes = 100;
/** Between two pushes, so that each meets idle nodes. */
const restMs = 150;

const topology = await builtTopology();
try {
  await topology.startControlPlane();
  const cloud = await createRegistry(topology, 'benchregistry');
  const token = await createToken(topology, {
    registry: cloud.name,
    name: 'benchclient',
    repositories: [repository],
  });
  const nodes = await startNodes(cloud, token);
  const pusher = await openRawRegistry(cloud.loginServer, repository, token);
  const timesMs: number[][] = levels.map(() => []);
  for (let push = 0; push < pushes; push++) {
    for (const [level, timeMs] of (await timePush(pusher, nodes, `push-${push}`)).entries())
      timesMs[level]!.push(timeMs);
    await sleep(restMs);
  }
  process.exitCode = printOwn(timesMs.flatMap(figuresOf)) ? 0 : 1;
} finally {
  await topology.close();
}

/** Each below the one before, the first below the cloud. */
async function startNodes({ name: registry, loginServer }: CloudRegistry, token: ClientToken) {
  const nodes: RawRegistry[] = [];
  let above = { name: undefined as string | undefined, host: loginServer };
  for (const { name } of levels) {
    const connection = await createConnectedRegistry(topology, {
      registry,
      name,
      repositories: [repository],
      ...(above.name !== undefined && { parent: above.name }),
    });
    await topology.acrc(
      `connected-registry update -r ${registry} -n ${name} --add-client-tokens ${token.name}`,
    );
    const port = await freePort();
    await topology.startNode({ name, connectionString: through(connection, above.host), port });
    above = { name, host: `localhost:${port}` };
    nodes.push(
      await waitFor(`${name} to know its client`, () => openRawRegistry(above.host, repository, token)),
    );
  }
  return nodes;
}

/** @returns ms until each of `nodes` has it */
async function timePush(cloud: RawRegistry, nodes: readonly RawRegistry[], tag: string): Promise<number[]> {
  const layer = randomBytes(64 * 1024);
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', tag }));
  const [layerFacts, configFacts] = [await put(cloud, layer), await put(cloud, config)];
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...configFacts },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layerFacts }],
  });
  const pushed = await cloud.request('PUT', `manifests/${tag}`, manifest, { 'content-type': manifestType });
  const startedMs = performance.now();
  if (pushed.status !== 201) throw new Error(`the push failed: ${pushed.status} ${await pushed.text()}`);
  const arrivals = nodes.map(async (node) => {
    const has = async (): Promise<boolean> => (await node.request('HEAD', `manifests/${tag}`)).status === 200;
    await waitFor(tag, has, { intervalMs: 1 });
    return performance.now() - startedMs;
  });
  return Promise.all(arrivals);
}

async function put(registry: RawRegistry, bytes: Uint8Array): Promise<{ digest: string; size: number }> {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  await registry.putBlob(digest, bytes);
  return { digest, size: bytes.length };
}

function figuresOf(timesMs: readonly number[], level: number): Own[] {
  const { says, p99BelowMs } = levels[level]!;
  const figure = (name: string, measured: number): Own => ({
    name: `push at the cloud to visible ${says}, ${name} of ${timesMs.length}`,
    measured,
    below: p99BelowMs,
    unit: 'ms',
  });
  return [figure('median', quantile(timesMs, 0.5)), figure('p99', quantile(timesMs, 0.99))];
}
