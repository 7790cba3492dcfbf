// How long after a push at the cloud an idle node serves it. The clock starts when the cloud has answered 201 for the
// manifest (the push is done for whoever pushed) and stops when the node answers for the tag.
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRawRegistry, type RawRegistry } from '../fixtures/clients/raw-registry.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { repository, withSite } from './with-site.ts';

const pushes = 50;
/** Between two pushes, so that each meets an idle node. */
const restMs = 150;
const targetMs = 1000;
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

await withSite(async (site) => {
  const cloud = await openRawRegistry(site.cloud.loginServer, repository, site.token);
  const node = await waitFor('the node to know its client', () =>
    openRawRegistry(site.host, repository, site.token),
  );
  const timesMs: number[] = [];
  for (let push = 0; push < pushes; push++) {
    timesMs.push(await timePush(cloud, node, `push-${push}`));
    await sleep(restMs);
  }
  report(timesMs);
});

async function timePush(cloud: RawRegistry, node: RawRegistry, tag: string): Promise<number> {
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
  await waitFor(
    `${tag} at the node`,
    async () => (await node.request('HEAD', `manifests/${tag}`)).status === 200,
    { intervalMs: 1 },
  );
  return performance.now() - startedMs;
}

async function put(registry: RawRegistry, bytes: Uint8Array): Promise<{ digest: string; size: number }> {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  await registry.putBlob(digest, bytes);
  return { digest, size: bytes.length };
}

function report(timesMs: number[]): void {
  const sorted = timesMs.toSorted((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.min(Math.ceil(share * sorted.length), sorted.length) - 1] ?? 0;
  const [median, p99] = [at(0.5), at(0.99)];
  process.stdout.write(
    `push at the cloud to visible on an idle node, ${timesMs.length} pushes: ` +
      `median ${median.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, slowest ${at(1).toFixed(0)} ms (target: under ${targetMs} ms)\n`,
  );
  process.exitCode = p99 < targetMs ? 0 : 1;
}
