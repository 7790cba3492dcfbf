// What the commands tell of a site, against a real control plane and real nodes, one below the other: while they keep up, while
// the link is cut, and when they have caught up.
import { fileURLToPath } from 'node:url';
import { missingProgram } from '../../fixtures/clients/installed.ts';
import { Tmux } from '../../fixtures/clients/tmux.ts';
import { assert, describe } from '../../fixtures/describe.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { connectionString } from '../../fixtures/provision.ts';
import { Site } from '../../fixtures/site.ts';
import { Topology } from '../../fixtures/topology.ts';
import { waitFor } from '../../fixtures/wait-for.ts';

interface Answer {
  onSite: boolean;
  bytesLeft: number;
  secondsLeft: number | null;
  repositories: {
    name: string;
    bytesLeft: number;
    tags: { name: string; digest: string; state: string }[];
  }[];
}
interface Plan {
  known: boolean;
  bytesLeft: number;
  copies: { repository: string; tags: string[] }[];
  removals: { repository: string; tag?: string }[];
  fitsDisk: boolean;
  fitsWindow: boolean;
  secondsNeeded: number;
}

const executable = fileURLToPath(new URL('../../bin/acrc.ts', import.meta.url));
const megabyte = 1_000_000;

describe(
  'what is on site',
  ({ test, skip, before, after }) => {
    let topology: Topology;
    let site: Site;
    const of = (name: string): string => `-r myregistry -n ${name}`;
    const status = async (name: string, more = ''): Promise<Answer & { code: number }> => {
      const run = await topology.acrcRun(`connected-registry status ${of(name)} ${more}`);
      assert.match(run.stdout, /^\{/, run.stderr);
      return { ...(JSON.parse(run.stdout) as Answer), code: run.code ?? -1 };
    };
    const states = async (name: string): Promise<Record<string, string>> => {
      const { repositories } = await status(name);
      return Object.fromEntries(
        repositories.flatMap((each) => each.tags.map((tag) => [`${each.name}:${tag.name}`, tag.state])),
      );
    };
    const plan = (name: string): Promise<Plan> => topology.acrcJson(`connected-registry plan ${of(name)}`);

    before(async () => {
      topology = await Topology.create();
      await topology.startControlPlane();
      site = await Site.provision({ topology, repositories: ['app'] });
      const { name, password } = site.token;
      await site.skopeo.login(site.cloud.loginServer, name, password);
      await site.push((await site.image('one', [megabyte])).source, site.cloud.loginServer, 'app:v1');
    });
    after(async () => {
      await site.close();
      await topology.close();
    });

    test('nothing is known before the first node came', async () => {
      assert.deepEqual(await states('factory1'), { 'app:v1': 'Unknown' });
      assert.equal((await status('factory1')).code, 1);
      assert.equal((await plan('factory1')).known, false);
    });

    test('a site that has nothing to synchronise says so', async () => {
      await topology.acrc('connected-registry create -r myregistry -n empty1 --repository not-yet');
      const { code, stderr } = await topology.acrcRun(`connected-registry status ${of('empty1')}`);
      assert.equal(code, 0);
      assert.match(stderr, /^WARNING: 'empty1' synchronises no repository that the registry has/m);
      await topology.acrc('connected-registry delete -r myregistry -n empty1 --yes');
    });

    test('an image is waited for, and the exit code says that it came', async () => {
      await site.startNode();
      const answer = await status('factory1', '--image app:v1 --wait --timeout 60');
      assert.deepEqual([answer.code, answer.onSite, answer.bytesLeft], [0, true, 0]);
      assert.deepEqual(await states('factory1'), { 'app:v1': 'OnSite' });
    });

    test('an image is asked for by its digest, too', async () => {
      const { digest } = (await status('factory1')).repositories[0]!.tags[0]!;
      assert.equal((await status('factory1', `--image app@${digest}`)).code, 0);
    });

    test('a node below another tells through it', async () => {
      await topology.acrc('connected-registry create -r myregistry -n line1 -p factory1 --repository app');
      const below = await connectionString(topology, 'myregistry', 'line1', 'http');
      assert.match(below, new RegExp(`ParentGatewayEndpoint=localhost:${site.port};`));
      await waitFor('the node below to start', async () => {
        const started = await topology.startNodeRun({
          name: 'line1',
          connectionString: below,
          port: await freePort(),
        });
        return started.code === 0;
      });
      const answer = await status('line1', '--image app:v1 --wait --timeout 60');
      assert.deepEqual([answer.code, answer.onSite], [0, true]);
    });

    test('while the link is cut, what was pushed is missing there, and what moved is different', async () => {
      site.link.cut();
      await site.push((await site.image('two', [2 * megabyte])).source, site.cloud.loginServer, 'app:v1');
      await site.push((await site.image('three', [3 * megabyte])).source, site.cloud.loginServer, 'app:v2');
      for (const name of ['factory1', 'line1']) {
        assert.deepEqual(await states(name), { 'app:v1': 'Different', 'app:v2': 'Missing' }, name);
      }
      const { bytesLeft, secondsLeft } = await status('factory1');
      assert.ok(secondsLeft !== null && secondsLeft >= 1, 'the node measured its first copy');
      assert.ok(bytesLeft > 5 * megabyte && bytesLeft < 5.1 * megabyte, String(bytesLeft));
      const one = await status('factory1', '--image app:v1');
      assert.ok(one.bytesLeft > 2 * megabyte && one.bytesLeft < 2.1 * megabyte, 'an image counts alone');
      const { stdout } = await topology.acrcRun(`connected-registry status ${of('factory1')} -o table`);
      assert.match(
        stdout,
        /^app +v1 +Different +1\.9 MiB\s*\napp +v2 +Missing +2\.9 MiB\s*\ntotal +4\.8 MiB\s/m,
      );
      assert.equal((await status('factory1', '--image app:v2')).code, 1);
      assert.equal((await status('factory1', '--image app:v2 --wait --timeout 1')).code, 1);
    });

    test('the node itself says that its parent is out of reach, and what that means', async () => {
      interface Node {
        sync: {
          state: string;
          lastSyncTime: string;
          troubles: { code: string; description: string }[];
          traffic: { total: { receivedBytes: number } };
        };
      }
      const node = await waitFor('it to be noticed', async () => {
        const found = await topology.acrcJson<Node>('node status --name factory1');
        return found.sync.state === 'Offline' && found;
      });
      assert.ok(Number.isFinite(Date.parse(node.sync.lastSyncTime)));
      const { receivedBytes } = node.sync.traffic.total;
      assert.ok(receivedBytes > megabyte && receivedBytes < 1.1 * megabyte, `${receivedBytes} bytes came`);
      assert.match(node.sync.troubles[0]!.description, /The node serves what it has and keeps trying\.$/);
      const table = await topology.acrc('node status --name factory1 -o table');
      assert.match(table, /^factory1 +Running +Offline .* E\w+$/m);
      const { stderr } = await topology.acrcRun('node status --name factory1 -o table');
      assert.match(stderr, /^WARNING: factory1: E\w+: .*The node serves what it has and keeps trying\.$/m);
    });

    test('the plan says what the next sync does', async () => {
      await topology.acrc('repository untag -n myregistry --image app:v1');
      const told = await plan('factory1');
      assert.partialDeepStrictEqual(told, { known: true, fitsDisk: true, fitsWindow: true });
      assert.deepEqual(
        told.copies.map(({ repository, tags }) => [repository, tags]),
        [['app', ['v2']]],
      );
      assert.deepEqual(
        told.removals.map(({ repository, tag }) => [repository, tag]),
        [['app', 'v1']],
      );
      assert.ok(told.secondsNeeded >= 1, 'the node measured its first copy');
      const table = await topology.acrc(`connected-registry plan ${of('factory1')} -o table`);
      assert.match(table, /^copy +app: v2 +4\.8 MiB$/m);
      assert.match(table, /^remove +app:v1$/m);
      assert.match(table, /^window +always open/m);
    });

    test('the tree shows who is below whom, and what is left to copy', async () => {
      const table = await topology.acrc('connected-registry tree -r myregistry -o table');
      assert.match(table, /^factory1 +ReadWrite +\w+ +\S+ +4\.8 MiB$/m);
      assert.match(table, /^└─ line1 +ReadOnly +\w+ +\S+ +4\.8 MiB$/m);
    });

    const missing = missingProgram('tmux');
    const waiting = 'who waits at a terminal sees how much is left, until it is on site';
    if (missing !== undefined) skip(waiting, missing);
    else {
      test(waiting, async () => {
        const line = `connected-registry status ${of('factory1')} --wait --timeout 60 -o none`;
        const env = topology.environment({ TERM: 'screen', LANG: 'C.UTF-8', NO_COLOR: '1' });
        const terminal = await Tmux.open([process.execPath, executable, ...line.split(' ')], { env });
        try {
          await waitFor('the bar', async () =>
            /Waiting for 'factory1' ░{20} 0% 0\.0 of 5\.0 MB/.test(await terminal.screen()),
          );
          site.link.mend();
          assert.equal(await terminal.exitCode(), 0);
          assert.equal(await terminal.screen(), '[exit code 0]\n');
        } finally {
          await terminal.close();
        }
      });
    }

    test('when the link is back, both levels catch up', async () => {
      site.link.mend();
      for (const name of ['factory1', 'line1']) {
        const answer = await status(name, '--wait --timeout 40');
        assert.deepEqual([answer.code, answer.bytesLeft], [0, 0], name);
        assert.deepEqual(await states(name), { 'app:v2': 'OnSite' });
      }
      assert.deepEqual((await plan('line1')).removals, []);
    });

    test('it is explained why a client may pull on site, and where it stops', async () => {
      const explain = (words: string) =>
        topology.acrcRun(`token explain -r myregistry -n ${site.token.name} ${words} -o table`);
      const rows: [string, number, RegExp][] = [
        ['--image app:v2 --connected-registry factory1', 0, /^image on site +ok +app:v2 is on site\.$/m],
        ['--image app:v2', 0, /^image +ok +app:v2 is there, and no lock forbids it\.$/m],
        ['--image app:nosuch', 1, /^image +stops here +The registry has no image app:nosuch\.$/m],
        ['--image app:v2 --action delete', 1, /^permission +stops here +It allows only content\/read/m],
        [
          '--image app:v2 --connected-registry line1',
          1,
          /remedy +acrc connected-registry update .*--add-client-tokens/,
        ],
      ];
      for (const [words, code, shown] of rows) {
        const run = await explain(words);
        assert.equal(run.code, code, words + run.stderr);
        assert.match(run.stdout, shown);
      }
      assert.equal((await explain('--image app:v2 --connected-registry nosuch')).code, 3);
    });

    test('how the last full sync went is told, and what began it', async () => {
      const told = async (): Promise<{ syncTrigger: string; syncState: string }> =>
        topology.acrcJson(`connected-registry status ${of('factory1')} --query registrySyncResult`);
      assert.partialDeepStrictEqual(await told(), { syncTrigger: 'InitialSync', syncState: 'Succeeded' });
      await topology.acrc(`connected-registry resync ${of('factory1')}`);
      await waitFor('the resync to end', async () => {
        const { syncTrigger, syncState } = await told();
        return syncTrigger === 'ManualResync' && syncState === 'Succeeded';
      });
    });

    test('an image that the filter does not want, or that is locked, is not waited for', async () => {
      const set = (filter: string) =>
        topology.acrc(`connected-registry update ${of('factory1')} --sync-filter ${filter}`);
      const begin = performance.now();
      await set('[{"repository":"app","tags":{"exclude":["v2"]}}]');
      assert.deepEqual(await states('factory1'), { 'app:v2': 'Filtered' });
      assert.equal((await status('factory1', '--image app:v2 --wait --timeout 300')).code, 1);
      await set('[]');
      await topology.acrc('repository update -n myregistry --repository app --read-enabled false');
      assert.equal((await status('factory1', '--image app:v2 --wait --timeout 300')).code, 1);
      await topology.acrc('repository update -n myregistry --repository app --read-enabled true');
      assert.ok(performance.now() - begin < 60_000, 'it waits for neither');
    });

    test('an image that nobody has, and a repository that does not come here, are told apart', async () => {
      const rows: [string, RegExp][] = [
        ['--image app:nosuch', /^ERROR: The registry has no image 'app:nosuch'\./],
        ['--image other:v1', /^ERROR: 'factory1' synchronises no repository 'other' that the registry has\./],
        ['--image app:v1 --repository app', /--image and --repository exclude each other/],
        [`--image app@sha256:${'0'.repeat(64)}`, /^ERROR: The registry has no image 'app@sha256:0+'\./],
      ];
      for (const [words, message] of rows) {
        const run = await topology.acrcRun(`connected-registry status ${of('factory1')} ${words}`);
        assert.equal(run.code, 1);
        assert.match(run.stderr, message);
      }
      assert.equal((await topology.acrcRun(`connected-registry plan ${of('nosuch')}`)).code, 3);
    });

    const moving = 'a bar moves with the bytes of a layer that takes long';
    if (missing !== undefined) skip(moving, missing);
    else {
      test(moving, async () => {
        await topology.acrc('connected-registry create -r myregistry -n slow1 --repository app');
        const { source } = await site.image('large', [12 * megabyte]);
        await site.push(source, site.cloud.loginServer, 'app:large');
        const line = `connected-registry status ${of('slow1')} --image app:large --wait --timeout 60 -o none`;
        await topology.startNode({
          name: 'slow1',
          connectionString: await connectionString(topology, 'myregistry', 'slow1', 'http'),
          port: await freePort(),
          env: { ACRC_BANDWIDTH: '1MB/s' },
        });
        const env = topology.environment({ TERM: 'screen', LANG: 'C.UTF-8', NO_COLOR: '1' });
        const terminal = await Tmux.open([process.execPath, executable, ...line.split(' ')], { env });
        try {
          await waitFor('the bar to move', async () =>
            /Waiting for 'slow1' █+░+ [1-9]\d?% \d+\.\d of 1\d\.\d MB/.test(await terminal.screen()),
          );
          assert.equal(await terminal.exitCode(), 0);
        } finally {
          await terminal.close();
        }
      });
    }
  },
  { timeoutMs: 90_000 },
);
