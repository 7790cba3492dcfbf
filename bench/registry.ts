// Ours against the registry that most sites run, and against nginx: the same bytes from the same disk of the same machine,
// asked for by the same client, one after the other, in turns. Then what only ours promises: long lists, and memory.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAcrc } from './contestants/acrc.ts';
import type { Contestant } from './contestants/contestant.ts';
import { startDockerRegistry } from './contestants/docker-registry.ts';
import { startNginx } from './contestants/nginx.ts';
import { compareInTurns } from './in-turns.ts';
import { Connection, manifestType } from './load/connection.ts';
import { expect, push } from './load/load.ts';
import { measureOwn } from './own.ts';
import { printComparison, printOwn } from './report.ts';
import { compareWithoutDisk } from './without-disk.ts';
import { imageManifest, repository, stored, tag, works } from './works.ts';

const folder = await mkdtemp(join(tmpdir(), 'acrc-bench-'));
const started: Contestant[] = [];
try {
  const acrc = await start(startAcrc(repository));
  const own = [await acrc.idleMemory()];
  const dockerRegistry = await start(startDockerRegistry(join(folder, 'docker-registry'), repository));
  const nginx = await start(startNginx(join(folder, 'nginx')));
  for (const registry of [acrc, dockerRegistry]) await fill(registry);
  for (const { digest, pieces } of stored.values()) await nginx.add(digest, Buffer.concat(pieces));

  const comparisons = [];
  for (const work of works) {
    const contestants =
      work.targets.nginx === undefined ? [acrc, dockerRegistry] : [acrc, dockerRegistry, nginx];
    comparisons.push(await compareInTurns(work, contestants));
  }
  comparisons.push(await compareWithoutDisk());
  own.push(...(await measureOwn(acrc)));
  const met = [printComparison(comparisons), printOwn(own)];
  process.exitCode = met.every(Boolean) ? 0 : 1;
} finally {
  for (const contestant of started.toReversed()) await contestant.close();
  await rm(folder, { recursive: true, force: true });
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
