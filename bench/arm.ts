// The management API with a registry full of resources: shows and lists one after the other, then reads of all kinds at
// once. The control plane has a core of its own, and so has who asks.
import { type ArmClient, openArmClient } from './arm/client.ts';
import { populate, type Populated, population } from './arm/population.ts';
import { rateOfReads, readersAtOnce, timeLists, timeShows } from './arm/reads.ts';
import { builtTopology } from './built.ts';
import { pin } from './pin.ts';
import { type Own, printOwn, printRates } from './report.ts';

const kinds = ['scopeMaps', 'tokens', 'connectedRegistries'] as const;
const belowMs = 50;
const readsAtLeast = 300;
/** 4,050 of them in 20 s. */
const writesAtLeast = 200;
const shows = 500;
const lists = 100;
const warmUpMs = 3000;
const mixedForMs = 10_000;
const cores = { controlPlane: 0, client: 1 } as const;

const topology = await builtTopology();
try {
  await topology.startControlPlane();
  await pin(await topology.pid('control-plane'), cores.controlPlane);
  await pin(process.pid, cores.client);
  const client = await openArmClient(topology, readersAtOnce);
  const populated = await populate(client);
  await rateOfReads(client, populated.registry, warmUpMs);
  const latencies = await measureLatencies(client, populated);
  const mixed = await rateOfReads(client, populated.registry, mixedForMs);
  await client.close();
  report(latencies, populated, mixed);
} finally {
  await topology.close();
}

async function measureLatencies(client: ArmClient, { registry }: Populated): Promise<Own[]> {
  const own: Own[] = [];
  for (const kind of kinds) {
    const shown = await timeShows(client, registry, kind, shows);
    const listed = await timeLists(client, registry, kind, lists);
    own.push({
      name: `show one of ${population[kind]} ${kind}, p99`,
      measured: shown,
      below: belowMs,
      unit: 'ms',
    });
    own.push({
      name: `list ${population[kind]} ${kind}, all pages, p99`,
      measured: listed,
      below: belowMs,
      unit: 'ms',
    });
  }
  return own;
}

function report(
  latencies: readonly Own[],
  { resourcesPerSecond }: Populated,
  { requestsPerSecond, p99Ms }: { requestsPerSecond: number; p99Ms: number },
): void {
  const fast = printOwn([
    ...latencies,
    { name: `mixed reads, ${readersAtOnce} at once, p99`, measured: p99Ms, below: belowMs, unit: 'ms' },
  ]);
  const many = printRates([
    {
      name: 'mixed reads on one core',
      measured: requestsPerSecond,
      atLeast: readsAtLeast,
      unit: 'requests/s',
    },
    { name: 'resources made', measured: resourcesPerSecond, atLeast: writesAtLeast, unit: 'resources/s' },
  ]);
  process.exitCode = fast && many ? 0 : 1;
}
