// The commands against a real control plane and a real node, as processes: what stands in stories.md, command by command,
// and what goes wrong on the way. fixtures/stories tells whole stories with real clients; this looks at each answer.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { packLayout } from '../../fixtures/images/archive.ts';
import { Layout } from '../../fixtures/images/layout.ts';
import { Topology } from '../../fixtures/topology.ts';

describe(
  'commands on a real control plane',
  ({ test, before, after }) => {
    let topology: Topology;
    const acrc = (line: string) => topology.acrc(line);
    const json = <T>(line: string) => topology.acrcJson<T>(line);
    const fails = async (line: string, code: number, stderr: RegExp): Promise<void> => {
      const result = await topology.acrcRun(line);
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, stderr);
      assert.equal(result.stdout, '');
    };
    const grants = async (name: string): Promise<string[]> =>
      (await json<{ actions: string[] }>(`connected-registry permissions show -r myregistry -n ${name}`))
        .actions;

    before(async () => {
      topology = await Topology.create();
      await topology.startControlPlane();
      await acrc('group create -n acr-rg -l westeurope');
      await acrc('create -n myregistry -g acr-rg --sku premium');
    });
    after(() => topology.close());

    test('a second control plane of the same home is refused, and its log is left alone', async () => {
      await fails(
        'control-plane start --detach',
        1,
        /already runs \(process \d+, it listens at https:\/\/localhost:\d+\)/,
      );
      assert.doesNotMatch(await acrc('control-plane logs'), /already runs/);
    });

    test('a taken port is named', async () => {
      const other = await Topology.create(topology.ports);
      const started = await other.acrcRun(`control-plane start --port ${topology.ports.controlPlane}`);
      assert.equal(started.code, 1);
      assert.match(started.stderr, new RegExp(`^ERROR: Port ${topology.ports.controlPlane} `));
      await other.close();
    });

    test('another home sees nothing of it and stops nothing of it', async () => {
      const other = await Topology.create();
      assert.match(
        (await other.acrcRun('control-plane stop')).stderr,
        /No control plane runs in this ACRC_HOME/,
      );
      assert.equal((await other.acrcJson<{ state: string }>('control-plane status')).state, 'Stopped');
      await other.close();
      assert.equal((await json<{ state: string }>('control-plane status')).state, 'Running');
    });

    test('a registry is created with the location of its group', async () => {
      const registry = await json<Record<string, unknown>>('show -n MyRegistry');
      assert.partialDeepStrictEqual(registry, {
        name: 'myregistry',
        location: 'westeurope',
        resourceGroup: 'acr-rg',
        sku: { name: 'Premium' },
      });
      assert.equal((await acrc('list -g acr-rg --query [].name -o tsv')).trim(), 'myregistry');
    });

    test('admin credentials need the admin user', async () => {
      await fails(
        'credential show -n myregistry',
        1,
        /Run 'acrc update -n myregistry --admin-enabled true' to enable admin first\./,
      );
      await acrc('update -n myregistry --admin-enabled');
      const shown = await json<{ passwords: { value: string }[] }>('credential show -n myregistry');
      const renewed = await json<{ passwords: { value: string }[] }>(
        'credential renew -n myregistry --password-name password2',
      );
      assert.equal(renewed.passwords[0]?.value, shown.passwords[0]?.value);
      assert.notEqual(renewed.passwords[1]?.value, shown.passwords[1]?.value);
    });

    test('an OCI layout is imported from a folder and from a tar, and only by force over an existing tag', async () => {
      const folder = await topology.place('layout');
      const layout = await Layout.create(folder);
      const image = await layout.image({ seed: 'one', layerBytes: [1000, 200_000] });
      const index = await layout.index([
        image,
        await layout.image({ seed: 'two', layerBytes: [1000], architecture: 'arm64' }),
      ]);
      await layout.tag(index, 'multi');
      await packLayout(folder, `${folder}.tar`);
      await acrc(`import -n myregistry --source oci:${folder} --image hello-world:latest`);
      await fails(
        `import -n myregistry --source oci:${folder} --image hello-world:latest`,
        1,
        /Tag hello-world:latest already exists in target registry\./,
      );
      await acrc(
        `import -n myregistry --source oci:${folder}.tar:multi --image hello-world:latest deep/er/name:v1 --force`,
      );
      await fails(
        `import -n myregistry --source oci:${folder}:nosuch --image a:b`,
        1,
        /holds no image 'nosuch'\.\nThere are: multi\./,
      );
      await fails(
        `import -n myregistry --source oci:${folder}.nosuch --image a:b`,
        1,
        /There is no file or folder/,
      );
      const digest = `sha256:${'0'.repeat(64)}`;
      for (const [target, refusal] of [
        ['--image Upper:v1', /^ERROR: 'Upper:v1' is not an image: .*\n$/],
        ['--image a:-', /^ERROR: 'a:-' is not an image: .*\n$/],
        [`--image a@${digest}`, /^ERROR: 'a@sha256:0+' names a digest; a target is repository/],
        ['--repository Upper', /^ERROR: 'Upper' is not an image: .*\n$/],
      ] as const) {
        await fails(`import -n myregistry --source oci:${folder} ${target}`, 1, refusal);
      }
      const shown = await json<{ digest: string }>(
        'repository show -n myregistry --image hello-world:latest',
      );
      assert.equal(shown.digest, index.digest);
    });

    test('a damaged layout is refused and leaves no tag', async () => {
      const folder = await topology.place('damaged');
      const layout = await Layout.create(folder);
      await layout.tag(await layout.image({ seed: 'bad', layerBytes: [5000] }), 'bad');
      const blobs = join(folder, 'blobs', 'sha256');
      for (const name of await readdir(blobs)) {
        const bytes = await readFile(join(blobs, name));
        if (bytes[0] === 0x1f) await writeFile(join(blobs, name), bytes.fill(0, 100, 200));
      }
      await fails(
        `import -n myregistry --source oci:${folder} --image damaged:bad`,
        1,
        /is damaged: what should be sha256:/,
      );
      assert.doesNotMatch(await acrc('repository list -n myregistry -o tsv'), /damaged/);
    });

    test('repositories are listed, shown, untagged and deleted', async () => {
      assert.deepEqual(await json('repository list -n myregistry'), ['deep/er/name', 'hello-world']);
      assert.deepEqual(await json('repository list -n myregistry --top 1'), ['deep/er/name']);
      assert.equal(
        await acrc('repository show-tags -n myregistry --repository hello-world -o tsv'),
        'latest\n',
      );
      await acrc('repository untag -n myregistry --image deep/er/name:v1');
      assert.deepEqual(await json('repository show-tags -n myregistry --repository deep/er/name'), []);
      await acrc('repository delete -n myregistry --repository deep/er/name --yes');
      assert.deepEqual(await json('repository list -n myregistry'), ['hello-world']);
      await fails(
        'repository show-tags -n myregistry --repository nosuch',
        3,
        /^ERROR: Error: repository name not known to registry/,
      );
    });

    test('an image is locked, and the lock lifted', async () => {
      const image = 'repository update -n myregistry --image hello-world:latest';
      const locked = await json<object>(`${image} --write-enabled false --delete-enabled false`);
      assert.partialDeepStrictEqual(locked, {
        name: 'latest',
        changeableAttributes: { deleteEnabled: false, writeEnabled: false, readEnabled: true },
      });
      for (const line of [
        'repository untag -n myregistry --image hello-world:latest',
        'repository delete -n myregistry --image hello-world:latest --yes',
        'repository delete -n myregistry --repository hello-world --yes',
      ]) {
        const refused = await topology.acrcRun(line);
        assert.equal(refused.code, 1, line);
        assert.match(refused.stderr, /ERROR: Error: The operation is disallowed on this registry/);
      }
      await json(`${image} --write-enabled true --delete-enabled true`);
      const whole = 'repository update -n myregistry --repository hello-world';
      assert.partialDeepStrictEqual(await json<object>(`${whole} --list-enabled false`), {
        imageName: 'hello-world',
        changeableAttributes: { listEnabled: false },
      });
      assert.deepEqual(await json('repository list -n myregistry'), []);
      await json(`${whole} --list-enabled`);
      assert.deepEqual(await json('repository list -n myregistry'), ['hello-world']);
      await fails(image, 1, /You must provide at least one of --delete-enabled/);
    });

    test('a token signs in to its repository and to nothing else', async () => {
      const token = await json<{ credentials: { passwords: { value: string }[] } }>(
        'token create -r myregistry -n reader --repository hello-world content/read metadata/read',
      );
      const as = `-u reader -p ${token.credentials.passwords[0]!.value}`;
      assert.deepEqual(await json(`repository show-tags -n myregistry --repository hello-world ${as}`), [
        'latest',
      ]);
      await fails(`repository untag -n myregistry --image hello-world:latest ${as}`, 1, /^ERROR: Error: /);
      await fails(
        'repository list -n myregistry -u reader',
        1,
        /Please specify both username and password in non-interactive mode\./,
      );
    });

    test('a token has the scope map of its rules, and a second one of other rules is refused', async () => {
      assert.deepEqual(await json('scope-map show -r myregistry -n reader-scope-map --query actions'), [
        'repositories/hello-world/content/read',
        'repositories/hello-world/metadata/read',
      ]);
      await fails(
        'token create -r myregistry -n reader --repository other content/read',
        1,
        /already configured with different repository permissions/,
      );
      await fails(
        'token create -r myregistry -n x --scope-map a --repository b content/read',
        1,
        /can't use --scope-map and --repository \| --gateway/,
      );
    });

    test('a disabled token stays disabled when its scope map changes', async () => {
      await acrc('token update -r myregistry -n reader --status disabled');
      const changed = await json<{ status: string }>(
        'token update -r myregistry -n reader --scope-map _repositories_pull',
      );
      assert.equal(changed.status, 'disabled');
    });

    test('passwords are made and deleted one by one', async () => {
      const made = await json<{ passwords: { name: string; expiry: string }[] }>(
        'token credential generate -r myregistry -n reader --password2 --expiration-in-days 1',
      );
      assert.deepEqual(
        made.passwords.map(({ name }) => name),
        ['password2'],
      );
      await acrc('token credential delete -r myregistry -n reader --password2');
      await fails(
        'token credential delete -r myregistry -n reader --password2',
        1,
        /Password2 credential doesn't exist/,
      );
      await fails(
        'token credential generate -r myregistry -n reader --expiration tomorrow',
        1,
        /Input 'tomorrow' is not valid datetime/,
      );
    });

    test('a connected registry needs the data endpoint, which --yes enables', async () => {
      const line =
        'connected-registry create -r myregistry -n factory1 --repository hello-world --mode readwrite';
      await fails(line, 1, /Unable to prompt for confirmation as no tty available\. Use --yes\./);
      assert.equal((await json<{ mode: string }>(`${line} --yes`)).mode, 'ReadWrite');
      assert.equal(
        (await json<{ dataEndpoints: unknown[] }>('show-endpoints -n myregistry')).dataEndpoints.length,
        1,
      );
    });

    test('ancestors may do what is below them, and only after it exists', async () => {
      await fails(
        'connected-registry create -r myregistry -n line1 -p factory1 --repository app --client-tokens nosuch',
        1,
        /nosuch/,
      );
      assert.ok(!(await grants('factory1')).some((action) => action.includes('line1')));
      assert.doesNotMatch(await acrc('token list -r myregistry --query [].name -o tsv'), /line1/);
      await acrc('connected-registry create -r myregistry -n line1 -p factory1 --repository app');
      await acrc('connected-registry create -r myregistry -n cell1 -p line1 --repository deep');
      await acrc('connected-registry create -r myregistry -n cell2 -p line1 --repository deep');
      for (const name of ['line1', 'factory1']) {
        const actions = await grants(name);
        assert.ok(
          actions.includes('gateway/cell1/config/read') && actions.includes('repositories/deep/content/read'),
          name,
        );
      }
      await fails(
        'connected-registry create -r myregistry -n cell3 -p line1 --repository x --mode ReadWrite',
        1,
        /Can't create the registry 'cell3' with mode 'readwrite' when the connected registry parent 'line1' mode is 'ReadOnly'/,
      );
    });

    test('lists and removals reach every branch', async () => {
      const below = await acrc('connected-registry list -r myregistry -p factory1 --query [].name -o tsv');
      assert.equal(below, 'line1\ncell1\ncell2\n');
      await acrc('connected-registry permissions update -r myregistry -n line1 --remove deep --add more');
      for (const name of ['cell1', 'cell2']) {
        assert.ok(!(await grants(name)).some((action) => action.includes('/deep/')), name);
      }
      assert.ok((await grants('factory1')).includes('repositories/more/content/read'));
    });

    test('a cleanup leaves nothing behind', async () => {
      await acrc('connected-registry delete -r myregistry -n cell2 --cleanup --yes');
      assert.doesNotMatch(await acrc('token list -r myregistry --query [].name -o tsv'), /cell2/);
      assert.doesNotMatch(await acrc('scope-map list -r myregistry --query [].name -o tsv'), /cell2/);
      for (const name of ['line1', 'factory1']) {
        assert.ok(!(await grants(name)).some((action) => action.startsWith('gateway/cell2/')), name);
      }
    });

    test('a node starts, is Online, is refused a second time, and stops', async () => {
      const settings = await json<{ ACR_REGISTRY_CONNECTION_STRING: string }>(
        'connected-registry get-settings -r myregistry -n factory1 --parent-protocol https --generate-password 1 --yes',
      );
      const connectionString = settings.ACR_REGISTRY_CONNECTION_STRING;
      const port = await freePort();
      const wrong = await topology.startNodeRun({
        name: 'wrong',
        connectionString: connectionString.replace('Password=', 'Password=x'),
        port,
      });
      assert.equal(wrong.code, 1);
      assert.match(wrong.stderr, /The sync token or its password is not accepted/);
      await topology.startNode({ name: 'factory1', connectionString, port });
      const [status] = await json<[{ state: string; pid: number }]>('node status');
      assert.equal(status.state, 'Running');
      const words = await readFile(`/proc/${status.pid}/cmdline`, 'utf8').catch(() => '');
      assert.doesNotMatch(words, /Password/);
      assert.equal(
        (await json<{ connectionState: string }>('connected-registry show -r myregistry -n factory1'))
          .connectionState,
        'Online',
      );
      const second = await topology.startNodeRun({
        name: 'second',
        connectionString,
        port: await freePort(),
      });
      assert.match(
        second.stderr,
        /already activated by another instance.*acrc connected-registry deactivate/s,
      );
      assert.match(await acrc('node logs --name factory1 --tail 50'), /"msg":"listening"/);
      await acrc('node stop --name factory1');
      await fails('node stop --name factory1', 1, /No node 'factory1' runs in this ACRC_HOME/);
      await acrc('node stop --all');
    });

    test('a node whose parent is out of reach starts and says that it keeps trying', async () => {
      const connectionString = `ConnectedRegistryName=alone1;SyncTokenName=a;SyncTokenPassword=b;ParentGatewayEndpoint=localhost:${await freePort()};ParentEndpointProtocol=https`;
      const started = await topology.startNodeRun({
        name: 'alone1',
        connectionString,
        port: await freePort(),
      });
      assert.equal(started.code, 0);
      assert.match(started.stderr, /^WARNING: The node runs, but has not taken its name yet\./);
      await acrc('node stop');
    });

    test('what was killed is shown as killed and starts again', async () => {
      await topology.powerCut('control-plane');
      assert.equal((await json<{ state: string }>('control-plane status')).state, 'Killed');
      await fails('list', 1, /^ERROR: Could not reach https:\/\/localhost:\d+: nobody listens there\./);
      await topology.startControlPlane();
      assert.equal((await acrc('list --query [].name -o tsv')).trim(), 'myregistry');
    });
  },
  { timeoutMs: 60_000 },
);
