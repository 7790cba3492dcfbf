// `acrc apply` against a real control plane: from nothing to an estate, again without a change, changed, and pruned.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, describe } from '../../fixtures/describe.ts';
import { Topology } from '../../fixtures/topology.ts';

interface Change {
  action: string;
  kind: string;
  name: string;
  fields: { field: string; from: unknown; to: unknown }[];
}

const estate = `
groups:
  - {name: acr-rg, location: westeurope}
registries:
  - name: myregistry
    group: acr-rg
    sku: Premium
    scopeMaps:
      - name: readers
        description: May pull the applications.
        repositories: {app: [content/read, metadata/read]}
    tokens:
      - {name: reader1, scopeMap: readers}
      - {name: reader2, scopeMap: _repositories_pull}
    connectedRegistries:
      - {name: line1, parent: plant, repositories: [app]}
      - {name: plant, mode: ReadWrite, repositories: [app, tools], clientTokens: [reader1]}
`;

describe(
  'acrc apply',
  ({ test, before, after }) => {
    let topology: Topology;
    let file: string;
    const write = (text: string): Promise<void> => writeFile(file, text);
    const changes = (words = ''): Promise<Change[]> => topology.acrcJson(`apply -f ${file} ${words}`);
    const told = (list: readonly Change[]): string[] =>
      list.map(({ action, kind, name }) => `${action} ${kind} ${name}`);
    const names = async (what: string): Promise<string[]> =>
      (await topology.acrc(`${what} list -r myregistry --query [].name -o tsv`)).trim().split('\n');

    before(async () => {
      topology = await Topology.create();
      file = join(topology.folder, 'estate.yaml');
      await topology.startControlPlane();
      await write(estate);
    });
    after(() => topology.close());

    test('a dry run shows everything, each before what needs it, and makes nothing', async () => {
      assert.deepEqual(told(await changes('--dry-run')), [
        'create group acr-rg',
        'create registry myregistry',
        'create scopeMap readers',
        'create scopeMap line1',
        'create scopeMap plant',
        'create token reader1',
        'create token reader2',
        'create token line1',
        'create token plant',
        'create connectedRegistry plant',
        'create connectedRegistry line1',
      ]);
      assert.deepEqual(await topology.acrcJson('list'), []);
    });

    test('what it says is made, and doing it again changes nothing', async () => {
      assert.equal((await changes()).length, 11);
      assert.deepEqual(await changes(), []);
      assert.deepEqual(await changes('--prune'), []);
      assert.equal((await topology.acrc(`apply -f ${file} -o table`)).trim(), '');
    });

    test('whoever is above may do what those below need', async () => {
      const { actions } = await topology.acrcJson<{ actions: string[] }>(
        'connected-registry permissions show -r myregistry -n plant',
      );
      assert.ok(actions.includes('gateway/line1/config/read'));
      assert.deepEqual(
        await topology.acrcJson(
          'connected-registry list-client-tokens -r myregistry -n plant --query [].name',
        ),
        ['reader1'],
      );
    });

    test('what was changed by hand is shown and put right', async () => {
      await topology.acrc('token update -r myregistry -n reader1 --status disabled');
      await topology.acrc('scope-map update -r myregistry -n readers --add-repository extra content/read');
      const table = await topology.acrc(`apply -f ${file} --dry-run -o table`);
      assert.match(
        table,
        /^update +scope map +myregistry\/readers +actions: -repositories\/extra\/content\/read$/m,
      );
      assert.match(table, /^update +token +myregistry\/reader1 +status: disabled -> enabled$/m);
      assert.equal((await changes()).length, 2);
      assert.deepEqual(await changes(), []);
    });

    test('a mode that differs is refused before anything changes', async () => {
      await write(estate.replace('mode: ReadWrite, ', '').replace('May pull', 'Can pull'));
      const run = await topology.acrcRun(`apply -f ${file}`);
      assert.equal(run.code, 1);
      assert.match(
        run.stderr,
        /^ERROR: The connected registry 'plant' has the mode ReadWrite and not ReadOnly, which cannot be changed\.\nNothing was changed\./,
      );
      await write(estate);
      assert.deepEqual(await changes('--dry-run'), []);
    });

    test('what the file does not name stays without --prune, and a sync token keeps what it needs for it', async () => {
      await topology.acrc('connected-registry create -r myregistry -n extra1 -p plant --repository deep');
      await topology.acrc(
        'token create -r myregistry -n extra2 --repository app content/read --no-passwords',
      );
      assert.deepEqual(await changes('--dry-run'), []);
      assert.ok((await names('token')).includes('extra2'));
    });

    test('pruning asks, and away from a terminal needs --yes', async () => {
      const refused = await topology.acrcRun(`apply -f ${file} --prune`);
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /^delete +token +myregistry\/extra2$/m);
      assert.match(refused.stderr, /Unable to prompt for confirmation as no tty available\. Use --yes\./);
      assert.ok((await names('token')).includes('extra2'));
    });

    test('pruning deletes what the lists leave out, and nothing else', async () => {
      const pruned = await changes('--prune --yes');
      assert.deepEqual(told(pruned), [
        'update scopeMap plant',
        'delete connectedRegistry extra1',
        'delete token extra1',
        'delete token extra2',
        'delete scopeMap extra1',
        'delete scopeMap extra2-scope-map',
      ]);
      assert.deepEqual(await changes('--prune'), []);
      assert.deepEqual(await names('token'), ['line1', 'plant', 'reader1', 'reader2']);
      assert.ok((await names('scope-map')).includes('_repositories_pull'));
    });

    test('a list that the file does not have owns nothing', async () => {
      await topology.acrc('token create -r myregistry -n extra3 --scope-map readers --no-passwords');
      await write(
        'registries:\n  - {name: myregistry, group: acr-rg, sku: Premium, connectedRegistries: []}\n',
      );
      assert.deepEqual(told(await changes('--prune --yes')), [
        'delete connectedRegistry line1',
        'delete connectedRegistry plant',
        'delete token line1',
        'delete token plant',
        'delete scopeMap line1',
        'delete scopeMap plant',
      ]);
      assert.deepEqual(await names('token'), ['extra3', 'reader1', 'reader2']);
    });

    test('what fails in the middle is named, and applying again goes on', async () => {
      await write(estate.replace('tools]', 'tools], schedule: nonsense'));
      const run = await topology.acrcRun(`apply -f ${file}`);
      assert.equal(run.code, 1);
      assert.match(run.stderr, /WARNING: 4 of 6 changes were made; it stopped at 'plant'\./);
      await write(estate);
      assert.deepEqual(told(await changes()), [
        'create connectedRegistry plant',
        'create connectedRegistry line1',
      ]);
    });

    test('a file that is not there, and one that is wrong, are said', async () => {
      const rows: [string, RegExp][] = [
        ['/nosuch/estate.yaml', /^ERROR: '\/nosuch\/estate\.yaml' cannot be read: ENOENT/],
        [topology.folder, /cannot be read: EISDIR/],
      ];
      for (const [path, message] of rows) {
        const run = await topology.acrcRun(`apply -f ${path}`);
        assert.deepEqual([run.code, message.test(run.stderr)], [1, true], run.stderr);
      }
      await write('grops: []');
      assert.match(
        (await topology.acrcRun(`apply -f ${file}`)).stderr,
        /estate\.yaml:1: grops: Unrecognized key/,
      );
    });
  },
  { timeoutMs: 60_000 },
);
