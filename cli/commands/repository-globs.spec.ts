// Patterns in the place of repository names, against a real control plane.
import { assert, describe } from '../../fixtures/describe.ts';
import { Layout } from '../../fixtures/images/layout.ts';
import { createRegistry } from '../../fixtures/provision.ts';
import { Topology } from '../../fixtures/topology.ts';

describe(
  'a pattern for repositories',
  ({ test, before, after }) => {
    let topology: Topology;
    const synced = async (): Promise<string[]> => {
      const { actions } = await topology.acrcJson<{ actions: string[] }>(
        'connected-registry permissions show -r myregistry -n site1',
      );
      const names = actions.flatMap(
        (action) => /^repositories\/(.*)\/content\/read$/.exec(action)?.[1] ?? [],
      );
      return names.sort();
    };

    before(async () => {
      topology = await Topology.create();
      await topology.startControlPlane();
      await createRegistry(topology, 'myregistry');
      const folder = await topology.place('layout');
      const layout = await Layout.create(folder);
      await layout.tag(await layout.image({ seed: 'one', layerBytes: [100] }), 'latest');
      const images = ['team/web-api', 'team/jobs-api', 'team/deep/er', 'old/one', 'old/two/three', 'app'];
      await topology.acrc(
        `import -n myregistry --source oci:${folder} --image ${images.map((name) => `${name}:v1`).join(' ')}`,
      );
    });
    after(() => topology.close());

    test('is looked up and shown when a connected registry is made; what scope maps know stays', async () => {
      const made = await topology.acrcRun(
        'connected-registry create -r myregistry -n site1 --repository team/*-api old/* later',
      );
      assert.equal(made.code, 0, made.stderr);
      assert.match(made.stderr, /WARNING: 'team\/\*-api' matches 2: team\/jobs-api, team\/web-api\n/);
      assert.deepEqual(await synced(), ['later', 'old/*', 'team/jobs-api', 'team/web-api']);
    });

    test('adds from the catalog, and removes from what is synchronised', async () => {
      await topology.acrc(
        'connected-registry permissions update -r myregistry -n site1 --add a?p --remove team/**',
      );
      assert.deepEqual(await synced(), ['app', 'later', 'old/*']);
    });

    test('shows the tags of all that it matches', async () => {
      const line = 'repository show-tags -n myregistry --repository team/*-api';
      const shown = await topology.acrcRun(line);
      assert.match(shown.stderr, /WARNING: 'team\/\*-api' matches 2: team\/jobs-api, team\/web-api\n/);
      assert.deepEqual(JSON.parse(shown.stdout), ['team/jobs-api:v1', 'team/web-api:v1']);
      const detailed = await topology.acrcJson<{ repository: string; name: string }[]>(`${line} --detail`);
      assert.deepEqual(
        detailed.map(({ repository, name }) => `${repository} ${name}`),
        ['team/jobs-api v1', 'team/web-api v1'],
      );
    });

    test('locks each repository and each image that it matches', async () => {
      const lock = (what: string): Promise<unknown[]> =>
        topology.acrcJson(`repository update -n myregistry ${what} --write-enabled false`);
      assert.equal((await lock('--repository team/*-api')).length, 2);
      assert.equal((await lock('--image old/**:v?')).length, 2);
      const unlock = '--write-enabled true -o none';
      await topology.acrc(`repository update -n myregistry --repository team/*-api ${unlock}`);
      await topology.acrc(`repository update -n myregistry --image old/**:v? ${unlock}`);
    });

    test('stands for images: they are shown and counted before they lose their tags, or are deleted', async () => {
      const folder = await topology.place('layout');
      const images = ['pr-1', 'pr-2', 'v2'].map((tag) => `built:${tag}`).join(' ');
      await topology.acrc(`import -n myregistry --source oci:${folder} --image ${images}`);
      for (const verb of ['delete', 'untag', 'update --write-enabled true']) {
        const none = await topology.acrcRun(`repository ${verb} -n myregistry --image built:nosuch-*`);
        assert.equal(none.code, 1);
        assert.match(none.stderr, /ERROR: No image matches 'built:nosuch-\*'\./);
      }
      const asked = await topology.acrcRun('repository untag -n myregistry --image built:pr-*');
      assert.equal(asked.code, 1);
      assert.match(asked.stderr, /WARNING: 'built:pr-\*' matches 2: built:pr-1, built:pr-2\n.*Use --yes/s);
      await topology.acrc('repository untag -n myregistry --image built:pr-? --yes');
      assert.deepEqual(await topology.acrcJson('repository show-tags -n myregistry --repository built'), [
        'v2',
      ]);
      const told = await topology.acrcRun('repository delete -n myregistry --image built:v* --yes');
      assert.match(told.stderr, /This operation will delete 1 manifest and its 1 tag: built:v2\n/);
      assert.equal(told.code, 0, told.stderr);
    });

    test('that matches nothing is refused, and nothing is made', async () => {
      for (const line of [
        'connected-registry create -r myregistry -n site2 --repository nosuch-*',
        'connected-registry permissions update -r myregistry -n site1 --add nosuch-*',
        'repository delete -n myregistry --repository nosuch-* --yes',
      ]) {
        const run = await topology.acrcRun(line);
        assert.equal(run.code, 1, line);
        assert.match(run.stderr, /ERROR: No repository matches 'nosuch-\*'\./);
      }
      assert.equal(
        await topology.acrc('connected-registry list -r myregistry --query [].name -o tsv'),
        'site1\n',
      );
    });

    test('deletes all that it matches, and says before what that is', async () => {
      const asked = await topology.acrcRun('repository delete -n myregistry --repository old/**');
      assert.equal(asked.code, 1);
      assert.match(asked.stderr, /WARNING: 'old\/\*\*' matches 2: old\/one, old\/two\/three\n.*Use --yes/s);
      await topology.acrc('repository delete -n myregistry --repository old/** --yes');
      assert.deepEqual(await topology.acrcJson('repository list -n myregistry'), [
        'app',
        'team/deep/er',
        'team/jobs-api',
        'team/web-api',
      ]);
    });
  },
  { timeoutMs: 60_000 },
);
