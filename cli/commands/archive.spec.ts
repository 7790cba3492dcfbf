// acrc control-plane export, import and reset, typed wrongly or at the wrong moment. fixtures/stories/another-machine.story.ts
// tells how they are used.
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { Topology } from '../../fixtures/topology.ts';

describe(
  'export, import and reset',
  ({ test, before, after }) => {
    let topology: Topology;
    let empty: Topology;
    const place = (name: string): string => join(topology.folder, name);

    before(async () => {
      topology = await Topology.create();
      empty = await Topology.create();
      await topology.startControlPlane();
      await topology.acrc('group create -n acr-rg -l westeurope');
      await topology.acrc('create -n myregistry -g acr-rg --sku Basic');
      await topology.acrc('control-plane stop');
      await writeFile(place('taken.tar'), 'mine');
      await mkdir(place('folder'));
    });
    after(async () => {
      await topology.close();
      await empty.close();
    });

    const rows: readonly (readonly [string, number, RegExp])[] = [
      ['control-plane export', 2, /the following arguments are required: --file\/-f/],
      ['control-plane import', 2, /the following arguments are required: --file\/-f/],
      ['control-plane export --file FOLDER/taken.tar', 1, /taken\.tar exists already\. Choose another name/],
      ['control-plane export --file FOLDER/none/a.tar', 1, /ENOENT|cannot/],
      ['control-plane export --file FOLDER/a.tar --data FOLDER/none', 1, /none holds no control plane/],
      ['control-plane export --file FOLDER/a.tar --data FOLDER/folder', 1, /holds no control plane.*--data/],
      [
        'control-plane import --file FOLDER/none.tar --data FOLDER/new',
        1,
        /none\.tar cannot be read: ENOENT/,
      ],
      ['control-plane import --file FOLDER/folder --data FOLDER/new', 1, /EISDIR|cannot be read/],
      ['control-plane import --file FOLDER/taken.tar', 1, /is not empty.*Nothing was changed/],
      [
        'control-plane import --file FOLDER/taken.tar --data FOLDER/new',
        1,
        /taken\.tar is damaged or not an/,
      ],
      ['control-plane reset', 1, /Unable to prompt for confirmation as no tty available\. Use --yes\./],
      ['control-plane reset --yes --data FOLDER', 1, /holds what is not a control plane's: .*Nothing was/],
    ];
    for (const [line, code, why] of rows) {
      test(`acrc ${line}`, async () => {
        const result = await topology.acrcRun(line.replaceAll('FOLDER', topology.folder));
        assert.equal(result.code, code, result.stderr);
        assert.match(result.stderr, why);
        assert.equal(result.stdout, '');
        assert.equal((await stat(place('taken.tar'))).size, 4);
        assert.ok((await stat(join(topology.home, 'control-plane', 'database.sqlite'))).size > 0);
        assert.ok(!(await readdir(topology.folder)).some((name) => name.includes('partial')));
      });
    }

    test('a table of what was written, and of what came back', async () => {
      const file = place('state.tar');
      const exported = await topology.acrc(`control-plane export -f ${file} -o table`);
      assert.match(
        exported,
        /^FILE +BYTES +REGISTRIES +CREATED \(UTC\) +VERSION\n.*\n.*state\.tar +\d+ +myregistry/,
      );
      const imported = await empty.acrc(`control-plane import -f ${file} -o table`);
      assert.match(imported, /myregistry/);
      assert.equal((await stat(join(empty.home, 'credentials.json'))).mode & 0o777, 0o600);
    });

    test('the credential of another control plane is replaced only when that is asked for', async () => {
      const other = await Topology.create();
      try {
        await other.startControlPlane();
        await other.acrc('control-plane stop');
        const credential = () => readFile(join(other.home, 'credentials.json'), 'utf8');
        const before = await credential();
        const line = `control-plane import -f ${place('state.tar')} --data ${join(other.folder, 'second')}`;
        const refused = await other.acrcRun(line);
        assert.equal(refused.code, 1, refused.stdout);
        assert.match(
          refused.stderr,
          /^ERROR: \S+credentials\.json signs in to another control plane \(https:\/\/localhost:\d+\), and the import would replace it\. .*--force/,
        );
        assert.equal(await credential(), before);
        await other.acrc(`${line} --force`);
        const mine = await readFile(join(empty.home, 'credentials.json'), 'utf8');
        assert.equal(await credential(), mine);
        await other.acrc(
          `control-plane import -f ${place('state.tar')} --data ${join(other.folder, 'third')}`,
        );
      } finally {
        await other.close();
      }
    });

    test('a reset of nothing changes nothing', async () => {
      const folder = place('nothing');
      assert.equal(await topology.acrc(`control-plane reset --yes --data ${folder}`), '');
      assert.ok(!(await readdir(topology.folder)).includes('nothing'));
      assert.ok((await readdir(topology.home)).includes('credentials.json'));
    });

    test('a reset leaves alone where links in the data folder lead', async () => {
      await mkdir(place('elsewhere'));
      await writeFile(join(place('elsewhere'), 'kept'), '');
      const folder = join(empty.home, 'control-plane');
      await rm(join(folder, 'registries'), { recursive: true });
      await symlink(place('elsewhere'), join(folder, 'registries'));
      await empty.acrc('control-plane reset --yes');
      assert.deepEqual(await readdir(folder), []);
      assert.ok(!(await readdir(empty.home)).includes('credentials.json'));
      assert.deepEqual(await readdir(place('elsewhere')), ['kept']);
    });
  },
  { timeoutMs: 30_000 },
);
