// How long a person waits for a command: `acrc --help` beside a Node that does nothing, and `acrc token list` beside az's,
// both asking the same control plane. Taken in turns, the middle of the runs counts.
import { succeed } from '../fixtures/command.ts';
import { createRegistry, createToken } from '../fixtures/provision.ts';
import { openAz } from './contestants/az.ts';
import { builtTopology } from './built.ts';
import { type Duel, printDuels } from './report.ts';

const registry = 'startup';

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
  await createRegistry(topology, registry);
  await createToken(topology, { registry, name: 'reader', repositories: ['app'] });
  const duels = [await duel(acrc('--help'), emptyNode, { rounds: 30, atMost: 1.6 })];
  const az = await openAz(topology);
  if (typeof az === 'string') process.stdout.write(`Not measured against az: ${az}.\n`);
  else {
    const list = `acr token list -r ${registry}`;
    const theirs = { name: `az ${list}`, run: () => az.run(list) };
    duels.push(await duel(acrc(`token list -r ${registry}`), theirs, { rounds: 7, atLeastFaster: 8 }));
  }
  process.exitCode = printDuels(duels) && typeof az !== 'string' ? 0 : 1;
} finally {
  await topology.close();
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
