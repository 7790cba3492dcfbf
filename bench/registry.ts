// Ours against the registry that most sites run, and against nginx: the same bytes from the same disk of the same machine,
// asked for by the same client, one after the other, in turns. Then what only ours promises: long lists, and memory.
// Words choose by name what is measured (`npm run bench:registry -- pull 'tags list'`); without them, all of it is.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AcrcContestant, startAcrc } from './contestants/acrc.ts';
import type { Contestant } from './contestants/contestant.ts';
import { startDockerRegistry } from './contestants/docker-registry.ts';
import { startNginx } from './contestants/nginx.ts';
import { compareInTurns } from './in-turns.ts';
import { Connection, manifestType } from './load/connection.ts';
import { expect, push } from './load/load.ts';
import { measuresAfter, measuresBefore } from './own.ts';
import { type Measure, type Own, printComparison, printOwn } from './report.ts';
import { compareWithoutDisk } from './without-disk.ts';
import { imageManifest, repository, stored, tag, works, workWithoutDisk } from './works.ts';

const words = process.argv.slice(2);
const isChosen = ({ name }: { name: string }): boolean =>
  words.length === 0 || words.some((word) => name.includes(word));
if (![...measuresBefore, ...works, workWithoutDisk, ...measuresAfter].some(isChosen)) {
  throw new Error(`Nothing that is measured is named like ${words.join(' or ')}.`);
}

const folder = await mkdtemp(join(tmpdir(), 'acrc-bench-'));
const started: Contestant[] = [];
try {
  const acrc = await start(startAcrc(repository));
  const own = await measure(measuresBefore, acrc);
  const dockerRegistry = await start(startDockerRegistry(join(folder, 'docker-registry'), repository));
  const nginx = await start(startNginx(join(folder, 'nginx')));
  for (const registry of [acrc, dockerRegistry]) await fill(registry);
  for (const { digest, pieces } of stored.values()) await nginx.add(digest, Buffer.concat(pieces));

  const comparisons = [];
  for (const work of works.filter(isChosen)) {
    const contestants =
      work.targets.nginx === undefined ? [acrc, dockerRegistry] : [acrc, dockerRegistry, nginx];
    comparisons.push(await compareInTurns(work, contestants));
  }
  if (isChosen(workWithoutDisk)) comparisons.push(await compareWithoutDisk());
  own.push(...(await measure(measuresAfter, acrc)));
  const met = [printComparison(comparisons), printOwn(own)];
  process.exitCode = met.every(Boolean) ? 0 : 1;
} finally {
  for (const contestant of started.toReversed()) await contestant.close();
  await rm(folder, { recursive: true, force: true });
}

async function measure(measures: readonly Measure[], acrc: AcrcContestant): Promise<Own[]> {
  const own: Own[] = [];
  for (const chosen of measures.filter(isChosen)) {
    own.push({ ...chosen, measured: await chosen.measure(acrc) });
  }
  return own;
}

async function start<C extends Contestant>(starting: Promise<C>): Promise<C> {
  const contestant = await starting;
  started.push(contestant);
  return contestant;
}

/** Gives a registry what is pulled: the blobs, and an image of them under a tag. */
async function fill(registry: Contestant): Promise<void> {
  await push(registry, repository, [...stored.values()], 1);
  const connection = await Connection.open(registry.port);
  const { authorization } = registry;
  const path = `/v2/${repository}/manifests/${tag}`;
  const body = [imageManifest()];
  expect(201, await connection.ask({ method: 'PUT', path, authorization, body, contentType: manifestType }));
  connection.close();
}
