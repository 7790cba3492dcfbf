// Peak memory of the control plane and of a node while 1 GB goes through both: pushed over HTTP to the cloud, copied to the
// site. Bytes must stream; a process that holds a layer shows here.
import { Layout } from '../fixtures/images/layout.ts';
import { peakMemory } from './memory-of.ts';
import { repository, withSite } from './with-site.ts';

const megabyte = 1_000_000;
const layerBytes = [
  500 * megabyte,
  200 * megabyte,
  100 * megabyte,
  100 * megabyte,
  50 * megabyte,
  50 * megabyte,
];
const targetMegabytes = 250;

await withSite(async (site, topology) => {
  await site.signIn();
  const pids = {
    'control plane': await topology.pid('control-plane'),
    node: await topology.pid('node', site.name),
  };
  const before = peaks(pids);
  const image = `${repository}:1`;
  const layout = await Layout.create(await topology.place('image'));
  const made = await layout.image({ seed: 'gigabyte', layerBytes });
  await layout.tag(made, 'latest');
  const startedMs = performance.now();
  await topology.acrc(`import -n ${site.cloud.name} --source oci:${layout.folder} --image ${image}`);
  const pushedMs = performance.now();
  await site.arrives(site.host, image, made.digest, 300_000);
  report(before, peaks(pids), { push: pushedMs - startedMs, arrival: performance.now() - pushedMs });
});

/** The most that each process ever held. */
function peaks(pids: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, peakMemory(pid)]));
}

function report(
  before: Record<string, number>,
  after: Record<string, number>,
  tookMs: Record<string, number>,
): void {
  const total = layerBytes.reduce((sum, each) => sum + each, 0) / megabyte;
  const seconds = Object.entries(tookMs).map(([name, ms]) => `${name} ${(ms / 1000).toFixed(1)} s`);
  process.stdout.write(
    `${total} MB pushed to the cloud and synced to a node (${seconds.join(', ')} after it)\n`,
  );
  for (const [name, peak] of Object.entries(after)) {
    process.stdout.write(
      `${name}: peak ${peak.toFixed(0)} MB, ${(before[name] ?? 0).toFixed(0)} MB before (target: under ${targetMegabytes} MB)\n`,
    );
    if (!(peak < targetMegabytes)) process.exitCode = 1;
  }
}
