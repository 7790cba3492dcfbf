// gc and scrub of a running node and of a running cloud, as the person who runs them types them.
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { buildImage, uploadImage } from '../../fixtures/images/stored.ts';
import { createConnectedRegistry, createRegistry, createToken } from '../../fixtures/provision.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { Topology } from '../../fixtures/topology.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { openRemoteRegistry } from '../../registry-node/remote/open.ts';
import { digestHex } from '../../registry-node/oci/digest.ts';

const image = buildImage('upkeep', [200_000]);

describe(
  'gc and scrub',
  ({ test, before, after }) => {
    let topology: Topology;
    let pushImage: () => Promise<void>;
    const json = <T>(line: string): Promise<T> => topology.acrcJson<T>(line);

    before(async () => {
      topology = await Topology.create();
      await topology.startControlPlane();
      const { loginServer } = await createRegistry(topology, 'upkeep');
      const token = await createToken(topology, {
        registry: 'upkeep',
        name: 'writer',
        repositories: ['app'],
      });
      pushImage = async () => {
        const credentials = { username: token.name, password: token.password };
        const remote = openRemoteRegistry({ endpoint: loginServer, protocol: 'http', credentials });
        await uploadImage(remote, 'app', image, 'v1');
        await remote.close();
      };
      await pushImage();
      const connectionString = await createConnectedRegistry(topology, {
        registry: 'upkeep',
        name: 'site01',
        repositories: ['app'],
      });
      await topology.startNode({ name: 'site01', connectionString, port: await freePort() });
    });
    after(() => topology.close());

    const blobs = async (scrub: string): Promise<number> => (await json<{ blobs: number }>(scrub)).blobs;

    test('find nothing to take from a cloud that needs everything', async () => {
      const collected = await json<object>('control-plane gc -r upkeep --dry-run');
      assert.partialDeepStrictEqual(collected, { dryRun: true, freedBytes: 0, blobs: { count: 0 } });
      assert.match(await topology.acrc('control-plane gc -r upkeep -o table'), /abandoned uploads +0 +0/);
    });

    test('verify all that a cloud stores', async () => {
      const status = await json<object>('control-plane scrub -r upkeep');
      assert.partialDeepStrictEqual(status, { state: 'Complete', manifests: 1, blobs: 2, damaged: 0 });
    });

    test('name what the disk of a cloud forgot, each time until it is pushed again, and so does the doctor', async () => {
      const { digest } = image.blobs[1]!;
      const hex = digestHex(digest);
      const registries = join(topology.home, 'control-plane', 'registries');
      const [folder = ''] = await readdir(registries);
      const file = join(registries, folder, 'content', 'blobs', 'sha256', hex.slice(0, 2), hex);
      await writeFile(file, 'forgotten');
      const unmended = [{ kind: 'blob', digest, repositories: ['app'] }];
      for (const damaged of [1, 0]) {
        const { stdout, stderr } = await topology.acrcRun('control-plane scrub -r upkeep');
        assert.partialDeepStrictEqual(JSON.parse(stdout), { state: 'Complete', damaged, unmended });
        assert.match(stderr, new RegExp(`^WARNING: The blob ${digest} of app is damaged .* Push it again`));
      }
      const doctor = await topology.acrcRun('doctor');
      const findings = JSON.parse(doctor.stdout) as { check: string; state: string }[];
      assert.equal(doctor.code, 1);
      assert.equal(findings.find(({ check }) => check === 'upkeep')?.state, 'problem');
      await pushImage();
      const { stdout, stderr } = await topology.acrcRun('control-plane scrub -r upkeep');
      assert.deepEqual([(JSON.parse(stdout) as { unmended: unknown[] }).unmended, stderr], [[], '']);
    });

    test('refuse a registry that is not there', async () => {
      const result = await topology.acrcRun('control-plane scrub -r nothing');
      assert.equal(result.code, 1);
      assert.match(result.stderr, /no registry 'nothing' is served here/);
    });

    test('speak to the node that runs, and find what its disk forgot', async () => {
      await waitFor('the image on site', async () => (await blobs('node scrub')) === 2);
      assert.partialDeepStrictEqual(await json<object>('node gc'), { dryRun: false, freedBytes: 0 });
      const hex = digestHex(image.blobs[1]!.digest);
      const folder = topology.dataFolder('site01');
      const file = join(folder, 'content', 'blobs', 'sha256', hex.slice(0, 2), hex);
      await writeFile(file, 'forgotten');
      assert.match(await topology.acrc('node scrub --name site01 -o table'), /Complete .* 1\n/);
      await waitFor('the blob from the parent', async () => (await stat(file)).size === 200_000);
    });

    test('are open to nobody but the owner', async () => {
      for (const folder of [topology.dataFolder('site01'), join(topology.home, 'control-plane')]) {
        assert.equal((await stat(join(folder, 'control.sock'))).mode & 0o777, 0o600);
      }
    });

    test('say that a node does not run', async () => {
      await topology.acrc('node stop --all');
      const result = await topology.acrcRun('node gc');
      assert.deepEqual([result.code, result.stdout], [1, '']);
      assert.match(result.stderr, /No node runs in this ACRC_HOME/);
    });
  },
  { timeoutMs: 60_000 },
);
