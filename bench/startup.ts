// How long a person waits for a command: `acrc --help` beside a Node that does nothing, and `acrc token list` beside az's,
// both asking the same control plane: az over TLS, acrc as it does on the control plane's machine (its socket), and over TLS as
// from anywhere else. Taken in turns, the middle of the runs counts. Then how long Tab takes to complete a name.
import { succeed } from '../fixtures/command.ts';
import { createHash } from 'node:crypto';
import { openRawRegistry } from '../fixtures/clients/raw-registry.ts';
import { createConnectedRegistry, createRegistry, createToken } from '../fixtures/provision.ts';
import { missingAz, openAz } from '../fixtures/clients/az.ts';
import { builtTopology } from './built.ts';
import { manifestType } from './load/connection.ts';
import { quantile } from './quantile.ts';
import { type Duel, type Own, printDuels, printOwn } from './report.ts';

const registry = 'startup';
const completionRounds = 15;

interface Command {
  name: string;
  /** Runs it once. @throws Error when it fails: the time of a failure means nothing */
  run(): Promise<void>;
}

const emptyNode: Command = {
  name: 'node -e 0',
  run: async () => void (await succeed(process.execPath, ['-e', '0'])),
};

const topology = await builtTopology();
try {
  await topology.startControlPlane();
  const { loginServer } = await createRegistry(topology, registry);
  const reader = await createToken(topology, { registry, name: 'reader', repositories: ['app'] });
  await createConnectedRegistry(topology, { registry, name: 'factory', repositories: ['app'] });
  await pushEmptyImage(await openRawRegistry(loginServer, 'app', reader));
  const duels = [await duel(acrc('--help'), emptyNode, { rounds: 30, atMost: 1.6 })];
  const missing = missingAz();
  if (missing !== undefined) process.stdout.write(`Not measured against az: ${missing}.\n`);
  else {
    const az = await openAz(topology);
    const list = `acr token list -r ${registry}`;
    const theirs = { name: `az ${list}`, run: async () => void (await az.text(list)) };
    const ours = `token list -r ${registry}`;
    duels.push(await duel(acrc(ours), theirs, { rounds: 15, atLeastFaster: 8 }));
    duels.push(await duel(await acrcOverTls(ours), theirs, { rounds: 7, atLeastFaster: 5 }));
  }
  const met = [printDuels(duels), printOwn(await completions())];
  process.exitCode = met.every(Boolean) && missing === undefined ? 0 : 1;
} finally {
  await topology.close();
}

/** From Tab to the names, the start of Node included. */
async function completions(): Promise<Own[]> {
  const rows: [string, string, string][] = [
    ['registries', 'show -n', registry],
    ['tokens', `token show -r ${registry} -n`, 'reader'],
    ['connected registries', `connected-registry show -r ${registry} -n`, 'factory'],
    ['repositories', `repository show -n ${registry} --repository`, 'app'],
  ];
  const measured: Own[] = [];
  for (const [what, line, expected] of rows) {
    const timesMs: number[] = [];
    for (let round = 0; round < completionRounds; round++) {
      const startedMs = performance.now();
      const offered = await topology.acrc(`__complete = ${line}`);
      timesMs.push(performance.now() - startedMs);
      if (!offered.split(/\s/).includes(expected)) throw new Error(`${line} completes to: ${offered}`);
    }
    measured.push({
      name: `Tab completes ${what}`,
      measured: quantile(timesMs, 0.5),
      below: 200,
      unit: 'ms',
    });
  }
  return measured;
}

async function pushEmptyImage(repository: Awaited<ReturnType<typeof openRawRegistry>>): Promise<void> {
  const content = Buffer.from('{}');
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  await repository.putBlob(digest, content);
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: content.length };
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config, layers: [] });
  const { status } = await repository.request('PUT', 'manifests/1', manifest, {
    'content-type': manifestType,
  });
  if (status !== 201) throw new Error(`the push was answered ${status}`);
}

async function duel(
  ours: Command,
  theirs: Command,
  { rounds, ...target }: { rounds: number; atMost?: number; atLeastFaster?: number },
): Promise<Duel> {
  const [oursMs, theirsMs]: [number[], number[]] = [[], []];
  // The first of each fills the caches of files and of compiled code, as the first of a day does for a person.
  for (let round = -1; round < rounds; round++) {
    const times = [await time(ours), await time(theirs)] as const;
    if (round < 0) continue;
    oursMs.push(times[0]);
    theirsMs.push(times[1]);
  }
  return {
    ours: { name: ours.name, timesMs: oursMs },
    theirs: { name: theirs.name, timesMs: theirsMs },
    ...target,
  };
}

async function time(command: Command): Promise<number> {
  const startedMs = performance.now();
  await command.run();
  return performance.now() - startedMs;
}

function acrc(line: string): Command {
  return { name: `acrc ${line}`, run: async () => void (await topology.acrc(line)) };
}

/** As it asks from another machine: told by the environment where the control plane is, and by nothing of a socket. */
async function acrcOverTls(line: string): Promise<Command> {
  const credential = await topology.credential();
  const env = {
    ACRC_ENDPOINT: credential.endpoint,
    ACRC_CLIENT_ID: credential.clientId,
    ACRC_CLIENT_SECRET: credential.clientSecret,
    ACRC_TENANT_ID: credential.tenantId,
    ACRC_SUBSCRIPTION_ID: credential.subscriptionId,
    ACRC_CA_FILE: credential.certificateAuthorityFile,
  };
  const run = async (): Promise<void> => {
    const { code, stderr } = await topology.acrcRun(line, env);
    if (code !== 0) throw new Error(stderr);
  };
  return { name: `acrc ${line}, over TLS`, run };
}
