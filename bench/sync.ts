// How fast a site gets what the cloud has: a node of acrc against `skopeo sync` of Debian, from the same registry to the same
// disk, in turns. Cold: nothing is on site. Nothing changed: all of it is.
// Words choose what is measured (`npm run bench:sync -- small`); without them, all of it is.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRegistry, createToken } from '../fixtures/provision.ts';
import { builtTopology } from './built.ts';
import { type Duel, printDuels } from './report.ts';
import { type AcrcSite, openAcrcSite, type Source } from './sync/acrc.ts';
import { type ImageSet, pushImages } from './sync/images.ts';
import { openSkopeoSite, type SkopeoSite } from './sync/skopeo.ts';

interface Work {
  /** Part of the names of its repository and its nodes. */
  name: string;
  says: string;
  images: ImageSet;
  /** Ours in so much less time than theirs. */
  cold: number;
  /** Absent: not measured. */
  nothingChanged?: number;
}

interface Times {
  coldMs: number[];
  unchangedMs: number[];
}

const works: readonly Work[] = [
  {
    name: 'small',
    says: '100 images of 3 x 64 KiB',
    images: { count: 100, layerMebibytes: 64 / 1024 },
    cold: 4,
    nothingChanged: 50,
  },
  { name: 'large', says: '10 images of 3 x 8 MiB', images: { count: 10, layerMebibytes: 8 }, cold: 1.5 },
];
/** The middle counts. */
const rounds = 3;

const words = process.argv.slice(2);
const chosen = works.filter(({ name }) => words.length === 0 || words.includes(name));
if (chosen.length === 0)
  throw new Error(`What can be chosen is: ${works.map(({ name }) => name).join(', ')}`);
const topology = await builtTopology();
try {
  await topology.startControlPlane();
  const cloud = await createRegistry(topology, 'benchregistry');
  const duels: Duel[] = [];
  const requestsPerRound: number[] = [];
  for (const work of chosen) {
    const repository = `bench/${work.name}`;
    const token = await createToken(topology, {
      registry: cloud.name,
      name: `${work.name}client`,
      repositories: [repository],
    });
    await pushImages(cloud.port, repository, token, work.images);
    duels.push(...(await compare(work, { cloud, repository, token }, requestsPerRound)));
  }
  const fast = printDuels(duels);
  const asks = Math.max(...requestsPerRound);
  const line = `requests of a round in which nothing changed: ${asks} (target: exactly 1)`;
  if (requestsPerRound.length > 0) process.stdout.write(`${line}\n`);
  process.exitCode = fast && requestsPerRound.every((requests) => requests === 1) ? 0 : 1;
} finally {
  await topology.close();
}

async function compare(work: Work, source: Source, requestsPerRound: number[]): Promise<Duel[]> {
  const ours: Times = { coldMs: [], unchangedMs: [] };
  const theirs: Times = { coldMs: [], unchangedMs: [] };
  for (let round = 0; round < rounds; round++) {
    await withAcrc(`${work.name}${round}`, source, async (site) => {
      ours.coldMs.push(await site.sync(work.images.count));
      if (work.nothingChanged === undefined) return;
      const idle = await site.idleRounds();
      ours.unchangedMs.push(idle.roundMs);
      requestsPerRound.push(idle.requestsPerRound);
    });
    await withSkopeo(source, async (site) => {
      theirs.coldMs.push(await site.sync());
      if (work.nothingChanged !== undefined) theirs.unchangedMs.push(await site.sync());
    });
  }
  const duel = (what: string, timesOf: keyof Times, atLeastFaster: number): Duel => ({
    ours: { name: `${work.says}, ${what}`, timesMs: ours[timesOf] },
    theirs: { name: 'skopeo sync', timesMs: theirs[timesOf] },
    atLeastFaster,
  });
  const duels = [duel('cold', 'coldMs', work.cold)];
  if (work.nothingChanged !== undefined)
    duels.push(duel('nothing changed', 'unchangedMs', work.nothingChanged));
  return duels;
}

async function withAcrc(
  name: string,
  source: Source,
  measure: (site: AcrcSite) => Promise<void>,
): Promise<void> {
  const site = await openAcrcSite(topology, source, name);
  try {
    await measure(site);
  } finally {
    await site.close();
  }
}

async function withSkopeo(source: Source, measure: (site: SkopeoSite) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'acrc-bench-'));
  const { cloud, repository, token } = source;
  const site = await openSkopeoSite(folder, { loginServer: cloud.loginServer, repository, token });
  try {
    await measure(site);
  } finally {
    await site.close();
    await rm(folder, { recursive: true, force: true });
  }
}
