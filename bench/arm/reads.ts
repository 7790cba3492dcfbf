// What is read of the populated registry: one after the other for its latency, mixed and at once for the rate.
import { chance, type Chance } from '../../fixtures/seed.ts';
import { quantile } from '../quantile.ts';
import type { ArmClient } from './client.ts';
import { apiVersion, nameOf, population } from './population.ts';

type Kind = keyof typeof population;

/** As often as each is asked for by those who manage a registry; of a hundred. */
const mix: readonly [number, (registry: string, chance: Chance) => string][] = [
  [30, (registry, chance) => child(registry, 'tokens', chance)],
  [25, (registry, chance) => child(registry, 'scopeMaps', chance)],
  [20, (registry, chance) => child(registry, 'connectedRegistries', chance)],
  [10, (registry) => registry],
  [5, (registry) => `${registry}/connectedRegistries`],
  [5, (registry) => `${registry}/tokens`],
  [5, (registry) => `${registry}/scopeMaps`],
];
export const readersAtOnce = 8;

/** Milliseconds that 99 of 100 needed at most; each show is of another resource. */
export async function timeShows(
  client: ArmClient,
  registry: string,
  kind: Kind,
  times: number,
): Promise<number> {
  const count = population[kind];
  return p99(times, (turn) =>
    client.send('GET', `${registry}/${kind}/${nameOf(kind, (turn * 7) % count)}?${apiVersion}`),
  );
}

/** The same of a whole list, from its first page to its last. @throws Error when one is missing */
export async function timeLists(
  client: ArmClient,
  registry: string,
  kind: Kind,
  times: number,
): Promise<number> {
  return p99(times, async () => {
    let listed = 0;
    for (let url: string | undefined = `${registry}/${kind}?${apiVersion}`; url !== undefined;) {
      const page = (await client.send('GET', url)) as { value: unknown[]; nextLink?: string };
      listed += page.value.length;
      url = page.nextLink;
    }
    if (listed < population[kind]) throw new Error(`${listed} of ${population[kind]} ${kind} were listed`);
  });
}

/** Requests in a second of the mix, as many as are answered. */
export async function rateOfReads(
  client: ArmClient,
  registry: string,
  forMs: number,
): Promise<{ requestsPerSecond: number; p99Ms: number }> {
  const chosen = chance(1);
  const timesMs: number[] = [];
  const endsAt = performance.now() + forMs;
  const reader = async (): Promise<void> => {
    for (let askedAt = performance.now(); askedAt < endsAt; askedAt = performance.now()) {
      await client.send('GET', `${choose(chosen)(registry, chosen)}?${apiVersion}`);
      timesMs.push(performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: readersAtOnce }, reader));
  return { requestsPerSecond: (timesMs.length * 1000) / forMs, p99Ms: quantile(timesMs, 0.99) };
}

function choose(chance: Chance): (typeof mix)[number][1] {
  let left = chance.below(100);
  return (mix.find(([share]) => (left -= share) < 0) ?? mix[0]!)[1];
}

function child(registry: string, kind: Kind, chance: Chance): string {
  return `${registry}/${kind}/${nameOf(kind, chance.below(population[kind]))}`;
}

async function p99(times: number, work: (turn: number) => Promise<unknown>): Promise<number> {
  const timesMs: number[] = [];
  for (let turn = 0; turn < times; turn++) {
    const startedMs = performance.now();
    await work(turn);
    timesMs.push(performance.now() - startedMs);
  }
  return quantile(timesMs, 0.99);
}
